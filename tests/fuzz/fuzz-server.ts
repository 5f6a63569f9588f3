import { pino } from 'pino';
import { z } from 'zod';
import { startServer } from '../../src/server/index.ts';

/** The server under test as its own process: `FUZZ_STATE`, `FUZZ_DATABASE`; tells its parent where it is. */
const environment = z.object({ FUZZ_STATE: z.string(), FUZZ_DATABASE: z.string().optional() }).parse(process.env);
const server = await startServer({
  stateFolder: environment.FUZZ_STATE,
  consoleFolder: environment.FUZZ_STATE,
  databaseUrl: environment.FUZZ_DATABASE,
  rateLimits: 'none',
  // Why it answered 500, beside the failure that says so.
  log: pino({ level: 'error' }, pino.destination({ dest: 2, sync: true })),
});
process.once('disconnect', () => void server.close().then(() => process.exit(0)));
process.send?.({
  origin: server.origin,
  routes: server.routes,
  operatorToken: server.operatorToken,
  residentBytes: process.memoryUsage.rss(),
});
