import path from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const eslint = new ESLint({ cwd: root });

/** What the linter says to these lines if they stood in this file. */
async function said(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: path.join(root, file) });
  return (result?.messages ?? []).map((message) => `${message.ruleId}: ${message.message}`);
}

describe('the import rules of the rooms', () => {
  const forbidden = [
    ['src/rules/example.ts', "import '../proof/index.ts';", 'rules may not import proof'],
    ['src/contract/example.ts', "import '../rules/submission.ts';", 'contract may not import rules'],
    ['src/server/example.ts', "import '../journal/index.ts';", 'server may not import journal'],
    ['main/example.ts', "import '../src/journal/index.ts';", 'main may not import journal'],
    ['main/example.ts', "import '../src/rules/idle-lock/idle-lock.ts';", 'main may not import rules'],
    ['renderer/example.ts', "import '../src/proof/index.ts';", 'renderer may not import proof'],
    ['src/machine/example.ts', "import '../service/index.ts';", 'machine may not import service'],
    ['src/service/example.ts', "import '../server/index.ts';", 'service may not import server'],
  ] as const;
  test.each(forbidden)('%s with %s is refused, and the message names the page to read', async (file, code, message) => {
    const messages = await said(file, code);
    expect(messages.join('\n')).toContain(message);
    expect(messages.join('\n')).toContain('See "Rooms and import rules" in ARCHITECTURE.md');
  });

  const allowed = [
    ['src/service/example.ts', "import '../journal/index.ts';"],
    ['renderer/example.ts', "import '../src/rules/submission.ts';"],
    ['main/example.ts', "import '../src/words/state-words.ts';"],
    ['src/server/example.ts', "import '../proof/index.ts';"],
  ] as const;
  test.each(allowed)('%s with %s is allowed', async (file, code) => {
    expect((await said(file, code)).filter((message) => message.startsWith('boundaries'))).toEqual([]);
  });
});

describe('what a room may use besides other rooms', () => {
  const refused = [
    ['src/rules/example.ts', 'export const now = Date.now();', 'Rules take the time as an argument'],
    ['src/rules/example.ts', 'export const now = new Date();', 'Rules take the time as an argument'],
    ['src/rules/example.ts', 'export const chance = Math.random();', 'Rules take randomness as an argument'],
    ['src/rules/example.ts', "import 'node:fs';", 'src/rules may use only diff'],
    ['src/contract/example.ts', "import 'node:crypto';", 'src/contract may use only zod'],
    ['main/example.ts', "import { ipcMain } from 'electron'; export { ipcMain };", 'Use main/page-calls.ts'],
    ['main/example.ts', "import 'better-sqlite3';", 'The shell has no native modules'],
  ] as const;
  test.each(refused)('%s with %s is refused', async (file, code, message) => {
    expect((await said(file, code)).join('\n')).toContain(message);
  });
});
