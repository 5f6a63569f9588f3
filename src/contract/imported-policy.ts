import { z } from 'zod';
import { formField, lifecycle, section, statement, variable } from './policy.ts';
import { documentId } from './primitives.ts';

/** Where in a source something stands. Word documents and PDFs count paragraphs, text files lines. */
export const sourcePlace = z.object({
  unit: z.enum(['line', 'paragraph']),
  number: z.int().min(1),
  page: z.int().min(1).optional(),
});
export type SourcePlace = z.infer<typeof sourcePlace>;

/** What an import could not be sure of. */
export const questionKind = z.enum(['title', 'heading', 'joined', 'leftOut', 'form', 'counterSigned', 'blank', 'date']);
export type QuestionKind = z.infer<typeof questionKind>;

/** One thing the import was unsure of: what it saw, what can be answered, and what it went on with. */
export const importQuestion = z.object({
  /** Key of the answer. Made from the words it is about, so that it stays when the file is revised elsewhere. */
  id: documentId,
  kind: questionKind,
  place: sourcePlace,
  /** The words it is about, as the file has them. */
  saw: z.string(),
  /** In a sentence. */
  asks: z.string(),
  /** What can be answered, and what each answer means; empty where `freely` says what to write. */
  choices: z.array(z.object({ answer: z.string(), means: z.string() })),
  /** The answer is words of the school's own, or a date such as 2026-09-01. */
  freely: z.enum(['words', 'date']).optional(),
  /** What the import goes on with until it is answered. */
  assumed: z.string(),
  /** What was answered. */
  answered: z.string().optional(),
});
export type ImportQuestion = z.infer<typeof importQuestion>;

/** The answers to an import's questions, kept beside the source: `policy.mapping.json` for `policy.docx`. */
export const importAnswers = z.strictObject({
  format: z.literal('usher/import-answers/1'),
  /** By the question's id. */
  answers: z.record(documentId, z.string().trim().min(1).max(300)),
});
export type ImportAnswers = z.infer<typeof importAnswers>;

/** How the ids of an earlier version were carried over. */
export const sincePrevious = z.object({
  /** Clauses whose words are the same. */
  kept: z.int().min(0),
  /** Clauses that say it in other words: their ids stay. */
  reworded: z.array(z.object({ id: documentId, before: z.string() })),
  /** Clauses that stand elsewhere in the order: their ids stay. */
  moved: z.array(documentId),
  /** Ids that no earlier version had. */
  added: z.array(documentId),
  /** Clauses that are no longer there. Their ids are not given again. */
  gone: z.array(z.object({ id: documentId, text: z.string() })),
});
export type SincePrevious = z.infer<typeof sincePrevious>;

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
  /** What should be looked at, in words a school technician can act on. */
  warnings: z.array(z.string()),
  /** What the import was unsure of, in source order. */
  questions: z.array(importQuestion).default([]),
  /** Each piece of the source, in order, and where it went (`title`, a section, clause, statement or field id, or `leftOut`). */
  trace: z.array(z.object({ line: z.int().min(1), text: z.string(), to: z.string() })),
  /** As the letterhead prints it. */
  schoolName: z.string().optional(),
  /** What the document-control table says. */
  lifecycle: lifecycle.optional(),
  /** Where an earlier version was given. */
  sincePrevious: sincePrevious.optional(),
  /** Ids of clauses that earlier versions had and this one has not; none of them is given again. */
  retiredIds: z.array(documentId).optional(),
});
export type ImportedPolicy = z.infer<typeof importedPolicy>;
