import { silenceOf } from '../../rules/machine-standing.ts';
import type { ServerContext } from '../context.ts';
import type { Job } from '../jobs/jobs.ts';
import { noteFinding, settleFindings } from './findings.ts';
import { ownerOf } from './owner-of.ts';
import { readSchoolHours, schoolTime } from './school-hours.ts';

/** Machines looked at in one transaction. */
const atOnce = 500;
const dayMs = 86_400_000;

/** How often silence is looked for, in seconds: a school day is long. */
const everySeconds = 600;

export const silentMachinesJob = (context: ServerContext): Job => ({
  name: 'silent machines',
  everySeconds,
  run: () => findSilentMachines(context),
});

/** Opens a finding for each trusted machine that was silent for too long, and closes those of machines heard of again. */
export async function findSilentMachines(context: ServerContext): Promise<void> {
  await settleHeardOf(context);
  const { store, owner } = context;
  const hours = await readSchoolHours(store, owner.trustId);
  const now = context.now().toISOString();
  const local = schoolTime(hours.timeZone);
  const today = local(now);
  const todayIsOver = today.time >= hours.until;
  // Nobody can be silent for a whole school day who was heard of in the last one.
  const quietSince = new Date(Date.parse(now) - dayMs / 2).toISOString();
  for (let after = ''; ;) {
    const quiet = await store
      .selectFrom('devices')
      .select(['device_id', 'school_id', 'last_seen_at', 'enrolled_at', 'untrusted_at'])
      .where('trust_id', '=', owner.trustId)
      .where('standing', '=', 'approved')
      .where((row) => row(row.fn.coalesce('last_seen_at', 'enrolled_at'), '<', quietSince))
      .where('device_id', '>', after)
      .orderBy('device_id')
      .limit(atOnce)
      .execute();
    await store.transaction().execute(async (transaction) => {
      const known = await transaction
        .selectFrom('machine_findings')
        .select(['device_id', 'kind'])
        .where('trust_id', '=', owner.trustId)
        .where('kind', 'in', ['silent', 'gone'])
        .where('closed', '=', '')
        .where('device_id', '>', after)
        .where('device_id', '<=', quiet.at(-1)?.device_id ?? '')
        .execute();
      const open = new Set(known.map(({ device_id: id, kind }) => `${id} ${kind}`));
      for (const device of quiet) {
        const lastAt = device.last_seen_at ?? device.enrolled_at;
        const silence = silenceOf({ lastDay: local(lastAt).day, today: today.day, todayIsOver }, hours);
        if (silence === 'heardOf' || open.has(`${device.device_id} ${silence}`)) continue;
        if (silence === 'gone') {
          await settleFindings(transaction, owner.trustId, {
            deviceId: device.device_id,
            kinds: ['silent'],
            why: 'It is probably gone.',
            by: 'Usher',
            at: now,
          });
        }
        await noteFinding(transaction, ownerOf(owner.trustId, device), {
          deviceId: device.device_id,
          kind: silence,
          detail: silenceWords(device, today.day - local(lastAt).day),
          at: now,
        });
      }
    });
    const last = quiet.at(-1);
    if (last === undefined || quiet.length < atOnce) return;
    after = last.device_id;
  }
}

function silenceWords(
  device: { last_seen_at: string | null; enrolled_at: string; untrusted_at: string | null },
  days: number,
): string {
  const since =
    device.last_seen_at === null
      ? `It was enrolled ${String(days)} days ago and never heard of since.`
      : `It was last heard of ${String(days)} days ago.`;
  const claimed = device.untrusted_at !== null && device.untrusted_at > (device.last_seen_at ?? device.enrolled_at);
  return claimed
    ? `${since} The computer itself is on the network: on ${device.untrusted_at?.slice(0, 10) ?? ''} something spoke in its name without its key.`
    : since;
}

async function settleHeardOf({ store, owner, now }: ServerContext): Promise<void> {
  const heard = await store
    .selectFrom('machine_findings')
    .innerJoin('devices', (join) =>
      join
        .onRef('devices.trust_id', '=', 'machine_findings.trust_id')
        .onRef('devices.device_id', '=', 'machine_findings.device_id'),
    )
    .select('machine_findings.device_id')
    .where('machine_findings.trust_id', '=', owner.trustId)
    .where('machine_findings.kind', 'in', ['silent', 'gone'])
    .where('machine_findings.closed', '=', '')
    .whereRef('devices.last_seen_at', '>', 'machine_findings.found_at')
    .execute();
  for (const { device_id: deviceId } of heard) {
    await store.transaction().execute((transaction) =>
      settleFindings(transaction, owner.trustId, {
        deviceId,
        kinds: ['silent', 'gone'],
        why: 'It was heard of again.',
        by: 'Usher',
        at: now().toISOString(),
      }),
    );
  }
}
