import { Command } from 'commander';
import { settings, settingsFromEnvironment, settingVariables } from '../contract/settings.ts';

/** `usher config`: every setting, what it is now, and its default. */
export function configCommand(): Command {
  return new Command('config')
    .description('Show every setting, the environment variable it is read from, what it is now and its default.')
    .option('--json', 'print them as JSON')
    .action((options: { json?: true }) => {
      const now: Record<string, unknown> = settingsFromEnvironment(process.env);
      const defaults: Record<string, unknown> = settings.parse({ stateFolder: '.usher' });
      const rows = Object.entries(settingVariables).map(([name, variable]) => ({
        name,
        variable,
        now: shown(name, now[name]),
        default: defaults[name] ?? null,
      }));
      if (options.json === true) console.log(JSON.stringify(rows));
      else
        for (const row of rows)
          console.log(
            `${row.variable.padEnd(24)} ${String(row.now ?? '(not set)').padEnd(28)} default: ${String(row.default ?? 'none')}`,
          );
    });
}

/** Of a secret, only whether it is set is shown. */
const secrets = new Set(['enrolmentToken', 'oidcClientSecret', 'databaseUrl', 'smtpUrl', 'metricsToken']);
const shown = (name: string, value: unknown): unknown =>
  secrets.has(name) && value !== undefined ? '(set)' : (value ?? null);
