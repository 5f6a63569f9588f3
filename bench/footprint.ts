import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startMachine } from '../tools/launch/machine.ts';
import { rounded, type Figures } from './figure.ts';
import { usageOf } from './process-usage.ts';

const quietSeconds = 60;
const settleSeconds = 15;

/**
 * The service, enrolled and in sync, over a quiet minute; beside it a Node process that only waits. It is started a
 * second time first, because a machine enrols once and starts every day.
 */
export async function measureFootprint(tell: (line: string) => void): Promise<Figures> {
  if (process.platform !== 'linux')
    throw new Error('The footprint is read from /proc and can be measured on Linux only.');
  const stateFolder = mkdtempSync(path.join(tmpdir(), 'usher-bench-'));
  const start = (port: number) => startMachine({ stateFolder, port, tell, settings: { logLevel: 'warn' } });
  const first = await start(0);
  await first.stop();
  const machine = await start(Number(new URL(first.origin).port));
  const waiting = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1 << 30)'], { stdio: 'ignore' });
  try {
    await wait(settleSeconds * 1000);
    const before = usageOf(machine.service.processId);
    await wait(quietSeconds * 1000);
    const after = usageOf(machine.service.processId);
    const idle = usageOf(waiting.pid ?? -1);
    return {
      serviceRssMb: {
        value: rounded(after.rssMb),
        unit: 'MiB',
        baseline: rounded(idle.rssMb),
        ratio: rounded(after.rssMb / idle.rssMb),
        goal: 'baseline + 30',
      },
      serviceCpuPercent: {
        value: rounded(((after.cpuSeconds - before.cpuSeconds) / quietSeconds) * 100, 3),
        unit: '% of one core',
        goal: '≤ 0.5',
      },
    };
  } finally {
    waiting.kill('SIGKILL');
    await machine.stop();
    rmSync(stateFolder, { recursive: true, force: true });
  }
}
