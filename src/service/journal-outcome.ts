import type { EventDraft } from '../contract/event.ts';
import type { Problem } from '../contract/problem.ts';
import type { SealedRecord } from '../contract/record.ts';
import { JournalError, type Journal } from '../journal/index.ts';
import type { ServiceLog } from './service-log.ts';

/** What the journal said, as data: the record once it is on disk, or why it is not. */
export type Recording = { ok: true; record: SealedRecord } | { ok: false; problem: Problem };

/** Commits an event and gives the outcome back as data; a failure is logged without what a person wrote. */
export function recordEvent(journal: Journal, draft: EventDraft, log: ServiceLog): Recording {
  try {
    return { ok: true, record: journal.append(draft) };
  } catch (error) {
    const problem = problemOf(error);
    log.error(problem.detail, { code: problem.code, type: draft.type });
    return { ok: false, problem };
  }
}

function problemOf(error: unknown): Problem {
  if (error instanceof JournalError) {
    return {
      code: error.code,
      detail: error.message.slice(0, 2_000),
      ...(error.field === undefined ? {} : { field: error.field }),
    };
  }
  return {
    code: 'journal.unavailable',
    detail: `Nothing could be recorded: ${error instanceof Error ? error.message : String(error)}. Tell IT.`.slice(
      0,
      2_000,
    ),
  };
}

/** The rest of an event that is about the machine itself, not about an account. */
export const ofTheMachine = { account: null, session: null, subject: null, rule: null } as const;
