import type { ImportQuestion, QuestionKind, SourcePlace } from '../contract/imported-policy.ts';
import { calendarDate } from '../contract/primitives.ts';
import { refused, type Outcome } from '../contract/problem.ts';
import { fingerprint } from './identifiers.ts';
import { tidy, type SourceKind, type SourceLine } from './source-line.ts';

/** A question as a step of the import asks it. */
export interface Asked {
  readonly kind: QuestionKind;
  /** Where it stands. */
  readonly at: SourceLine | undefined;
  /** The words it is about, from which its id is made. */
  readonly saw: string;
  readonly asks: string;
  readonly choices: ImportQuestion['choices'];
  readonly freely?: 'words' | 'date';
  readonly assumed: string;
}

type Refusal = Extract<Outcome<never>, { ok: false }>;

const longestShown = 300;

/** Collects what an import is unsure of, and answers it from the mapping file, or else with what is assumed. */
export class Questions {
  readonly #answers: ReadonlyMap<string, string>;
  readonly #unit: SourcePlace['unit'];
  readonly #asked: ImportQuestion[] = [];
  readonly #ids = new Set<string>();
  #misfit: Refusal | null = null;

  /** @param answers by question id, as `importAnswers` holds them */
  constructor(kind: SourceKind, answers: Readonly<Record<string, string>> = {}) {
    this.#unit = kind === 'docx' || kind === 'pdf' ? 'paragraph' : 'line';
    this.#answers = new Map(Object.entries(answers));
  }

  /** The answer to go on with: what the mapping file says where it says something that fits, else what is assumed. */
  ask(asked: Asked): string {
    const id = this.#idFor(asked);
    const given = this.#answers.get(id);
    const fits = given !== undefined && answerFits(asked, given);
    if (given !== undefined && !fits) this.#misfit ??= misfit(id, given, asked);
    const { at } = asked;
    this.#asked.push({
      id,
      kind: asked.kind,
      place: {
        unit: this.#unit,
        number: at?.line ?? 1,
        ...(at?.marks.page === undefined ? {} : { page: at.marks.page }),
      },
      saw: tidy(asked.saw).slice(0, longestShown),
      asks: asked.asks,
      choices: [...asked.choices],
      ...(asked.freely === undefined ? {} : { freely: asked.freely }),
      assumed: asked.assumed,
      ...(fits ? { answered: given } : {}),
    });
    return fits ? given : asked.assumed;
  }

  /** Everything that was asked, in source order. */
  all(): ImportQuestion[] {
    return this.#asked.toSorted((one, other) => one.place.number - other.place.number);
  }

  /** An answer that its question does not take, as a refusal that says what it takes. */
  misfit(): Refusal | null {
    return this.#misfit;
  }

  /** Keys of answers whose question did not come up. */
  unused(): string[] {
    return [...this.#answers.keys()].filter((id) => !this.#ids.has(id));
  }

  #idFor({ kind, saw }: Asked): string {
    if (kind === 'title' && !this.#ids.has(kind)) return this.#claimed(kind);
    const name = kind === 'leftOut' || kind === 'counterSigned' ? kind.toLowerCase() : kind;
    const wanted = `${name}-${fingerprint(saw)}`;
    let id = wanted;
    for (let copy = 2; this.#ids.has(id); copy += 1) id = `${wanted}-${copy}`;
    return this.#claimed(id);
  }

  #claimed(id: string): string {
    this.#ids.add(id);
    return id;
  }
}

function answerFits({ choices, freely }: Asked, answer: string): boolean {
  if (choices.some((choice) => choice.answer === answer)) return true;
  return freely === 'words' || (freely === 'date' && calendarDate.safeParse(answer).success);
}

function misfit(id: string, given: string, { choices, freely, saw }: Asked): Refusal {
  const takes = [
    ...choices.map(({ answer, means }) => `"${answer}" (${means})`),
    ...(freely === 'date' ? ['a date such as "2026-09-01"'] : []),
  ];
  return refused(
    'import.answerNotFit',
    `The answer "${given}" does not fit the question ${id} about "${tidy(saw).slice(0, 120)}". It takes ${takes.join(' or ')}.`,
    `answers.${id}`,
  );
}
