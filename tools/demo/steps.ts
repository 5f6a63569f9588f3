/** What happened to one step of the scripted day. */
export interface StepResult {
  name: string;
  /** `leftOut`: this computer cannot do it; `seen` says why. */
  result: 'passed' | 'failed' | 'notChecked' | 'leftOut';
  durationMs: number;
  /** What was seen, in words; for a failure, why. */
  seen: string[];
  screenshots: string[];
}

export interface Step {
  /** Says what was checked and seen. */
  saw(words: string): void;
  /** Ends the step as failed unless the condition holds. */
  check(condition: boolean, words: string): void;
  /** Keeps a picture; `take` writes it to the path it is given. */
  picture(name: string, take: (path: string) => Promise<unknown>): Promise<void>;
}

export interface DayOptions {
  folder: string;
  tell: (line: string) => void;
}

/** Runs steps one after the other; after a failure the rest are listed as not checked, never as passed. */
export class ScriptedDay {
  readonly results: StepResult[] = [];
  readonly #options: DayOptions;
  #failed = false;
  #pictures = 0;

  constructor(options: DayOptions) {
    this.#options = options;
  }

  get passed(): boolean {
    const played = this.results.filter(({ result }) => result !== 'leftOut');
    return played.length > 0 && played.every(({ result }) => result === 'passed');
  }

  async step(name: string, body: (step: Step) => Promise<void>): Promise<void> {
    const number = this.results.length + 1;
    const outcome: StepResult = { name, result: 'notChecked', durationMs: 0, seen: [], screenshots: [] };
    this.results.push(outcome);
    if (this.#failed) {
      this.#options.tell(`\n${number}. ${name}\n   – not checked, because an earlier step failed`);
      return;
    }
    this.#options.tell(`\n${number}. ${name}`);
    const began = performance.now();
    try {
      await body(this.#stepFor(outcome));
      if (outcome.seen.length === 0) throw new Error('The step checked nothing');
      outcome.result = 'passed';
    } catch (error) {
      this.#failed = true;
      outcome.result = 'failed';
      const reason = error instanceof Error ? error.message : String(error);
      outcome.seen.push(reason);
      this.#options.tell(`   ✗ ${reason}`);
    }
    outcome.durationMs = Math.round(performance.now() - began);
    if (outcome.result === 'passed') this.#options.tell(`   (${(outcome.durationMs / 1000).toFixed(1)} s)`);
  }

  /** Lists a step that cannot be played on this computer. */
  leaveOut(name: string, why: string): void {
    this.results.push({ name, result: 'leftOut', durationMs: 0, seen: [why], screenshots: [] });
    this.#options.tell(`\n${this.results.length}. ${name}\n   – left out: ${why}`);
  }

  #stepFor(outcome: StepResult): Step {
    const { folder, tell } = this.#options;
    const saw = (words: string) => {
      outcome.seen.push(words);
      tell(`   ✓ ${words}`);
    };
    return {
      saw,
      check(condition, words) {
        if (!condition) throw new Error(`Not so: ${words}`);
        saw(words);
      },
      picture: async (name, take) => {
        this.#pictures += 1;
        const file = `${String(this.#pictures).padStart(2, '0')}-${name}.png`;
        await take(`${folder}/${file}`);
        outcome.screenshots.push(file);
      },
    };
  }
}
