import path from 'node:path';
import { shellReady } from '../../src/contract/launcher.ts';
import { electronProgram, fetchElectronProgram } from './electron-program.ts';
import { projectRoot, startProgram, type Program } from './program.ts';
import { chooseShell, hasDisplay, installedBrowser, type ShellChoice } from './shell-choice.ts';

export interface RunningShell {
  program: Program;
  /** Loopback address where a browser shows and operates the windows; null with real windows. */
  viewer: string | null;
}

/** Looks at this computer and decides how to show the shell; fetches Electron's program where it can be had. */
export async function decideShell(tell: (line: string) => void): Promise<ShellChoice> {
  const missing = await fetchElectronProgram(new Date(), tell);
  const program = electronProgram();
  return chooseShell({
    electron: program === null ? { missing: missing ?? "Electron's program is not installed" } : { program },
    hasDisplay: hasDisplay(process.platform, process.env),
    browser: installedBrowser(process.platform),
  });
}

function standInEnvironment(choice: ShellChoice): Record<string, string> {
  if (choice.kind === 'window') return { STANDIN_CHROMIUM: choice.browser };
  return choice.kind === 'headless' ? { STANDIN_HEADLESS: '1' } : {};
}

export async function startShellProgram(
  choice: ShellChoice,
  environment: Record<string, string>,
  logFolder: string,
): Promise<RunningShell> {
  const bundle = path.join(projectRoot, 'dist/main/main.js');
  const standIn = ['--import', path.join(projectRoot, 'tests/support/electron/register.ts'), bundle];
  const { program, ready } = await startProgram(
    {
      name: 'shell',
      command: choice.kind === 'electron' ? choice.program : process.execPath,
      arguments: choice.kind === 'electron' ? [bundle] : standIn,
      environment: {
        ...environment,
        ...standInEnvironment(choice),
      },
      logFolder,
    },
    shellReady,
  );
  return { program, viewer: ready.viewer };
}
