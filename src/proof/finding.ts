import type { ChainHead } from '../contract/record.ts';

/** What a verifier finds, and the exit code of `usher verify` for it. */
export const verifyExitCodes = {
  sound: 0,
  unreadable: 2,
  changed: 3,
  badSignature: 4,
  missing: 5,
  fork: 6,
  /** The log does not hold what it must: a proof does not lead to the checkpoint, or history was written anew. */
  rewritten: 7,
} as const;
export type VerifyOutcome = keyof typeof verifyExitCodes;

export interface Verification {
  outcome: VerifyOutcome;
  /** Where it goes wrong first; null where the fault is not at one record, or there is none. */
  at: { epoch: number; seq: number } | null;
  /** One sentence. */
  reason: string;
  deviceId: string | null;
  records: number;
  receipts: number;
  /** Records whose body was removed when its retention ended; their place still verifies. */
  bodiesRemoved: number;
  heads: ChainHead[];
}

/** Why a file is not sound, on its way to the answer. */
export class Fault extends Error {
  readonly outcome: Exclude<VerifyOutcome, 'sound'>;
  readonly at: Verification['at'];

  constructor(
    outcome: Exclude<VerifyOutcome, 'sound'>,
    reason: string,
    at: { epoch: number; seq: number } | null = null,
  ) {
    super(reason);
    this.outcome = outcome;
    this.at = at && { epoch: at.epoch, seq: at.seq };
  }
}

export const named = ({ epoch, seq }: { epoch: number; seq: number }) => `record ${seq} of epoch ${epoch}`;

/** Runs a verifier that works in steps to its answer. */
export function toEnd<Answer>(steps: Generator<undefined, Answer>): Answer {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
