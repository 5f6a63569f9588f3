import { sql } from 'kysely';
import type { StoreOrTransaction } from '../store/database.ts';

/** How many chains a database holds, and how many of their heads do not stand where the chain's newest record does. */
export async function chainHeads(store: StoreOrTransaction): Promise<{ chains: number; broken: number }> {
  const { rows } = await sql<{ chains: number; sound: number }>`
    select count(*) as chains, count(r.hash) as sound from chains c
    left join records r on r.trust_id = c.trust_id and r.device_id = c.device_id and r.epoch = c.epoch
      and r.seq = c.head_seq and r.hash = c.head_hash`.execute(store);
  const { chains = 0, sound = 0 } = rows[0] ?? {};
  return { chains, broken: chains - sound };
}
