import type { Logger } from 'pino';

/** Work the server does by itself, on one process at a time. */
export interface Job {
  name: string;
  /** Seconds between the end of one run and the start of the next. */
  everySeconds: number;
  run(): Promise<void>;
}

export interface JobSurroundings {
  /** Does this process do the scheduled work? Others stand by. */
  isLeader(): boolean;
  log: Logger;
  /** Called after every run. */
  ended?: (run: { job: string; ok: boolean; seconds: number }) => void;
}

/** Runs each job again and again, none twice at once. A run that fails is logged and tried again at its next time. */
export function startJobs(jobs: readonly Job[], { isLeader, log, ended }: JobSurroundings): { stop(): Promise<void> } {
  let open = true;
  const timers = new Set<NodeJS.Timeout>();
  const running = new Set<Promise<void>>();
  const once = async (job: Job): Promise<void> => {
    if (!isLeader()) return;
    const from = performance.now();
    let ok = true;
    try {
      await job.run();
    } catch (error) {
      ok = false;
      log.error({ err: error, job: job.name }, 'scheduled work failed');
    }
    ended?.({ job: job.name, ok, seconds: (performance.now() - from) / 1_000 });
  };
  const schedule = (job: Job): void => {
    if (!open) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      const run = once(job).finally(() => {
        running.delete(run);
        schedule(job);
      });
      running.add(run);
    }, job.everySeconds * 1_000);
    timers.add(timer);
  };
  for (const job of jobs) schedule(job);
  return {
    async stop() {
      open = false;
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(running);
    },
  };
}
