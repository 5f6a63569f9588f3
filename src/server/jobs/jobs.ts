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
}

/** Runs each job again and again, none twice at once. A run that fails is logged and tried again at its next time. */
export function startJobs(jobs: readonly Job[], { isLeader, log }: JobSurroundings): { stop(): Promise<void> } {
  let open = true;
  const timers = new Set<NodeJS.Timeout>();
  const running = new Set<Promise<void>>();
  const once = async (job: Job): Promise<void> => {
    if (!isLeader()) return;
    try {
      await job.run();
    } catch (error) {
      log.error({ err: error, job: job.name }, 'scheduled work failed');
    }
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
