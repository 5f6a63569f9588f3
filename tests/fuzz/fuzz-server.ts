import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { isIP } from 'node:net';
import { pino } from 'pino';
import { z } from 'zod';
import { startServer } from '../../src/server/index.ts';

/** Names of hosts in hostile addresses lead nowhere, so that nothing leaves this computer. */
const { lookup } = dns;
const onlyNumbers = (host: string, options: dns.LookupAllOptions, answer: (error: Error | null) => void): void => {
  if (isIP(host) === 0)
    queueMicrotask(() => answer(Object.assign(new Error(`No host ${host}`), { code: 'ENOTFOUND' })));
  else lookup(host, options, answer);
};
Object.assign(dns, { lookup: onlyNumbers });
syncBuiltinESMExports();

/** The server under test as its own process: `FUZZ_STATE`, `FUZZ_DATABASE`; tells its parent where it is. */
const environment = z.object({ FUZZ_STATE: z.string(), FUZZ_DATABASE: z.string().optional() }).parse(process.env);
const server = await startServer({
  stateFolder: environment.FUZZ_STATE,
  consoleFolder: environment.FUZZ_STATE,
  databaseUrl: environment.FUZZ_DATABASE,
  rateLimits: 'none',
  jobsByHand: true,
  // Why it answered 500, beside the failure that says so.
  log: pino({ level: 'error' }, pino.destination({ dest: 2, sync: true })),
});
process.once('disconnect', () => void server.close().then(() => process.exit(0)));

/** Does all scheduled work once; what went wrong. */
async function runJobs(): Promise<string[]> {
  const faults: string[] = [];
  for (const name of server.jobs) {
    await server.runJob(name).catch((error: unknown) => faults.push(`${name}: ${String(error)}`));
  }
  return faults;
}
process.on('message', () => void runJobs().then((faults) => process.send?.({ faults })));
process.send?.({ origin: server.origin, routes: server.routes, operatorToken: server.operatorToken });
