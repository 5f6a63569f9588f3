import { readFileSync } from 'node:fs';

/** Resident set in MiB and processor seconds used so far, of one process (proc(5), Linux). */
export function usageOf(processId: number): { rssMb: number; cpuSeconds: number } {
  const status = readFileSync(`/proc/${processId}/status`, 'utf8');
  const rssKb = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN);
  const stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticksPerSecond = 100;
  return { rssMb: rssKb / 1024, cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond };
}
