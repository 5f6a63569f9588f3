import type { Engine } from '../../src/server/store/engine.ts';
import { embeddedPostgres, type RunningPostgres } from '../support/postgres/embedded.ts';
import { scenarios, type Outcome } from './scenarios.ts';
import { seeded } from './seeded.ts';

export interface FaultRun {
  seed: number;
  engines: readonly Engine[];
  /** How often each scenario's fault happens, by its name; `times` for the others. */
  timesOf?: Readonly<Record<string, number>>;
  times: number;
  machines: number;
  built: boolean;
  /** Only scenarios whose name contains this. */
  only?: string;
  tell: (line: string) => void;
}

export interface ScenarioResult {
  name: string;
  engine: Engine;
  outcome: Outcome | null;
  /** Why it was not run, or what went wrong; null when everything held. */
  skipped: string | null;
  failed: string | null;
}

/** Runs every scenario on every engine it is for, one after the other. Never throws for what a scenario finds. */
export async function runScenarios(run: FaultRun): Promise<ScenarioResult[]> {
  const results: ScenarioResult[] = [];
  let postgres: RunningPostgres | null = null;
  try {
    if (run.engines.includes('postgres')) postgres = await embeddedPostgres({ durable: true });
    for (const engine of run.engines) {
      for (const [index, scenario] of scenarios.entries()) {
        if (!scenario.engines.includes(engine) || !scenario.name.includes(run.only ?? '')) continue;
        const cannot = scenario.cannot?.() ?? null;
        const result = { name: scenario.name, engine, outcome: null, skipped: cannot, failed: null };
        if (cannot !== null) {
          results.push(result);
          continue;
        }
        const times = run.timesOf?.[scenario.name] ?? run.times;
        run.tell(`${scenario.name}, ${engine}: ${times} times …`);
        const database = `faults_${index}`;
        if (engine === 'postgres') await postgres?.run(`create database ${database}`);
        try {
          const outcome = await scenario.run({
            random: seeded(run.seed).fork(`${scenario.name} ${engine}`),
            postgres: engine === 'postgres' ? postgres : null,
            ...(engine === 'postgres' && postgres !== null ? { databaseUrl: postgres.urlOf(database) } : {}),
            times,
            machines: run.machines,
            built: run.built,
            tell: run.tell,
          });
          results.push({ ...result, outcome });
        } catch (error) {
          const failed = error instanceof Error ? (error.stack ?? error.message) : String(error);
          run.tell(`  FAILED: ${failed}`);
          results.push({ ...result, failed });
        }
      }
    }
  } finally {
    await postgres?.stop();
  }
  return results;
}
