import { z } from 'zod';
import { formField, lifecycle, section, statement, variable } from './policy.ts';

/**
 * What `usher policy import` reads out of a school's own file.
 * Every word of the source is in `title`, `sections`, `form` or `leftOut`; `trace` proves it in source order.
 */
export const importedPolicy = z.object({
  title: z.string(),
  sections: z.array(section),
  variables: z.array(variable),
  form: z.object({
    statements: z.array(statement),
    fields: z.array(formField),
    /** Ids of the fields that somebody else fills in: a counter-signature. */
    counterSigned: z.array(z.string()).optional(),
  }),
  /** Source text that is not document text, and why: page furniture, contents list, bookmark … */
  leftOut: z.array(z.object({ text: z.string(), reason: z.string() })),
  /** What the import was unsure of, in words a school technician can act on. */
  warnings: z.array(z.string()),
  /** Each piece of the source, in order, and where it went (`title`, a section, clause, statement or field id, or `leftOut`). */
  trace: z.array(z.object({ line: z.int().min(1), text: z.string(), to: z.string() })),
  /** As the letterhead prints it. */
  schoolName: z.string().optional(),
  /** What the document-control table says. */
  lifecycle: lifecycle.optional(),
});
export type ImportedPolicy = z.infer<typeof importedPolicy>;
