import { z } from 'zod';

/**
 * Why something was refused, as data: the same shape crosses the local socket and HTTP
 * (there as `application/problem+json`, RFC 9457, with `status`).
 */
export const problem = z.object({
  /** Stable machine-readable code, `area.reason`. */
  code: z.string().regex(/^[a-z][a-zA-Z]*(\.[a-zA-Z]+)+$/),
  /** One sentence a school technician can act on: what is wrong and what to do. */
  detail: z.string().min(1).max(2_000),
  /** Path of the offending field, such as `fields.printedName`, where one field is to blame. */
  field: z.string().max(400).optional(),
});
export type Problem = z.infer<typeof problem>;

/** RFC 9457 problem details as the server sends them. */
export const httpProblem = problem.extend({
  type: z.string(),
  title: z.string(),
  status: z.int().min(400).max(599),
});
export type HttpProblem = z.infer<typeof httpProblem>;

/** Outcome of a call: errors cross a boundary as data, never as a thrown string. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; problem: Problem };

export function outcomeOf<S extends z.ZodType>(value: S) {
  return z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), value }),
    z.object({ ok: z.literal(false), problem }),
  ]);
}

export const accepted = <T>(value: T): Outcome<T> => ({ ok: true, value });
export const refused = (code: string, detail: string, field?: string): { ok: false; problem: Problem } => ({
  ok: false,
  problem: field === undefined ? { code, detail } : { code, detail, field },
});

/** Turns the first Zod issue into a problem that names the field. */
export function problemFromZod(error: z.ZodError, code: string, prefix = ''): Problem {
  const first = error.issues[0];
  const field = [prefix, ...(first?.path ?? []).map(String)].filter((part) => part !== '').join('.');
  const reason = first?.message ?? 'is not valid';
  return {
    code,
    detail: (field === '' ? `The input is not valid: ${reason}.` : `${field}: ${reason}.`).slice(0, 2_000),
    ...(field === '' ? {} : { field: field.slice(0, 400) }),
  };
}
