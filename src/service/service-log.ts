import type { Settings } from '../contract/settings.ts';

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
type Level = (typeof levels)[number];

/** The service's log: one JSON object a line on standard output. Never holds what a person wrote. */
export interface ServiceLog {
  info(message: string, details?: Record<string, unknown>): void;
  warn(message: string, details?: Record<string, unknown>): void;
  error(message: string, details?: Record<string, unknown>): void;
}

/** Lines from `level` upward go to `write`. A logging package would weigh more than the whole service log needs. */
export function serviceLog(
  level: Settings['logLevel'],
  now: () => number,
  write: (line: string) => void = (line) => process.stdout.write(line),
): ServiceLog {
  const least = level === 'silent' ? levels.length : levels.indexOf(level);
  const at =
    (own: Level) =>
    (message: string, details: Record<string, unknown> = {}): void => {
      if (levels.indexOf(own) < least) return;
      write(`${JSON.stringify({ at: new Date(now()).toISOString(), level: own, message, ...details })}\n`);
    };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}
