import { spawn } from 'node:child_process';
import path from 'node:path';
import { serverNodeFlags } from '../src/contract/launcher.ts';
import { buildWhatIsStale } from './build.ts';
import { projectRoot } from './launch/program.ts';

/** `npm run start:server`: one central endpoint alone, with the settings of the environment (`npx usher config`). */
await buildWhatIsStale(console.error, ['console', 'server']);
const server = spawn(
  process.execPath,
  [...serverNodeFlags, path.join(projectRoot, 'dist', 'server', 'main.js'), ...process.argv.slice(2)],
  {
    stdio: 'inherit',
  },
);
// Ctrl+C reaches the server by itself; a signal to this process alone is passed on. Either way its end is ours.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void server.kill('SIGTERM'));
server.once('exit', (code) => process.exit(code ?? 1));
server.once('error', (error) => {
  console.error(`The central endpoint could not be started. ${error.message}`);
  process.exit(1);
});
