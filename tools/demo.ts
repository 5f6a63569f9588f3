import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { buildWhatIsStale } from './build.ts';
import { runSchoolDay } from './demo/school-day.ts';
import { ScriptedDay } from './demo/steps.ts';

/** `npm run demo`: a school day on this computer, with the real service, shell, server and console. */
const command = new Command('npm run demo --')
  .description('Plays a school day on this computer with the real programs and checks every step.')
  .option('--out <folder>', 'where the pictures go', 'demo-out')
  .option('--json', 'print one object with every step, its result and how long it took')
  .parse();
const options = command.opts<{ out: string; json?: true }>();

const tell = options.json === true ? (line: string) => console.error(line) : (line: string) => console.log(line);
const folder = path.resolve(options.out);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
await buildWhatIsStale(tell);

const stateFolder = mkdtempSync(path.join(tmpdir(), 'usher-demo-'));
const day = new ScriptedDay({ folder, tell });
const began = performance.now();
try {
  await runSchoolDay(day, stateFolder);
} finally {
  rmSync(stateFolder, { recursive: true, force: true });
}

const durationMs = Math.round(performance.now() - began);
const leftOut = day.results.filter(({ result }) => result === 'leftOut').length;
const passed = day.results.filter(({ result }) => result === 'passed').length;
tell(
  `\n${passed} of ${day.results.length - leftOut} steps passed in ${(durationMs / 1000).toFixed(1)} s${leftOut === 0 ? '' : `, ${leftOut} left out`}. Pictures: ${folder}`,
);
if (options.json === true) console.log(JSON.stringify({ passed: day.passed, durationMs, steps: day.results }));
process.exit(day.passed ? 0 : 1);
