import type { z } from 'zod';
import { eventBody, type EventBody, type EventDraft } from '../contract/event.ts';
import { problemFromZod } from '../contract/problem.ts';
import { JournalError } from './errors.ts';

const givenByTheJournal = { deviceId: true, epoch: true, seq: true, at: true, uptimeMs: true } as const;

/** One schema per event type, so that a draft is checked against its own type only. */
const draftSchemas: ReadonlyMap<string, z.ZodType<EventDraft>> = new Map(
  eventBody.options.map((option): [string, z.ZodType<EventDraft>] => [
    option.shape.type.value,
    option.omit(givenByTheJournal),
  ]),
);

/**
 * The draft as its schema leaves it (trimmed, nothing added).
 * @throws JournalError `journal.invalidEvent` naming the field; unknown types and extra fields are refused too.
 */
export function checkedDraft(draft: EventDraft): EventDraft {
  const schema = draftSchemas.get(draft.type);
  if (schema === undefined)
    throw new JournalError(
      'journal.invalidEvent',
      `There is no event type "${String(draft.type)}"; nothing was recorded.`,
      {
        field: 'type',
      },
    );
  const result = schema.safeParse(draft);
  if (result.success) return result.data;
  const problem = problemFromZod(result.error, 'journal.invalidEvent');
  throw new JournalError('journal.invalidEvent', `The event ${draft.type} was not recorded. ${problem.detail}`, {
    ...(problem.field === undefined ? {} : { field: problem.field }),
  });
}

/** Where and when a record stands. */
export interface Place {
  readonly deviceId: string;
  readonly epoch: number;
  readonly seq: number;
  readonly at: string;
  readonly uptimeMs: number;
}

export function bodyAt(draft: EventDraft, place: Place): EventBody {
  const { deviceId, epoch, seq, at, uptimeMs } = place;
  return { ...draft, deviceId, epoch, seq, at, uptimeMs };
}
