import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer, type RunningServer } from '../../src/server/index.ts';
import { openStore } from '../../src/server/store/database.ts';
import { TestDevice } from '../support/test-device.ts';
import { usherCommand } from '../../tools/launch/usher-command.ts';

/** One server for all of these; its folder is what gives the right to ask it. */
let server: RunningServer;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'usher-operator-'));
  server = await startServer({ stateFolder: folder, consoleFolder: folder, schoolName: 'Our school' });
  // As the server's program leaves it for these commands.
  writeFileSync(join(folder, 'server', 'origin'), server.origin);
  return async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  };
});
const usher = (...args: string[]) => usherCommand([...args, '--state', folder], {});

/** What a table of the server holds, by one of its columns. */
async function held(table: 'schools' | 'enrolment_tokens', column: 'name'): Promise<string[]> {
  const store = await openStore(join(folder, 'server', 'usher.db'));
  const rows = await store.selectFrom(table).select(column).orderBy(column).execute();
  await store.destroy();
  return rows.map((row) => row.name);
}

/** Runs commands that cannot succeed, a few at once. */
async function refused(
  command: string,
  table: 'schools' | 'enrolment_tokens',
  cases: readonly [args: string[], words: string][],
): Promise<void> {
  const before = await held(table, 'name');
  const found = await Promise.all(cases.map(async ([args]) => await usher(command, ...args)));
  expect(found.map(({ code, output }, index) => [cases[index]?.[0], code, output])).toEqual(
    cases.map(([args]) => [args, 1, '']),
  );
  for (const [index, [, words]] of cases.entries()) expect(found[index]?.errors).toContain(words);
  expect(await held(table, 'name')).toEqual(before);
}

describe('usher school', () => {
  test('adds, lists and renames', async () => {
    expect(await usher('school', 'add', 'Hill School')).toMatchObject({
      ...{ code: 0, output: 'Added Hill School with the id hill-school.\n', errors: '' },
    });
    expect(await usher('school', 'add', 'Valley', '--id', 'v')).toMatchObject({ code: 0 });
    expect(await usher('school', 'rename', 'v', 'Valley Primary')).toMatchObject({
      ...{ code: 0, output: 'v is called Valley Primary now.\n' },
    });
    const { code, output } = await usher('school', 'list');
    expect(code).toBe(0);
    expect(output).toMatch(/^hill-school +Hill School \(0 machines, 0 people\)$/m);
    expect(output).toMatch(/^v +Valley Primary \(0 machines, 0 people\)$/m);
  });

  test('refuses what cannot be, with what to do, and changes nothing', async () => {
    await refused('school', 'schools', [
      [['add', ''], 'name: give it a name'],
      [['add', 'Hill\u202Elooc'], 'name: must be one line of visible text'],
      [['add', '???'], 'No id can be made from this name.'],
      [['add', 'Hill', '--id', 'Hill School'], 'id: must be lower-case letters, digits and hyphens'],
      [['add', 'Another', '--id', 'school'], 'There is a school with the id "school" already.'],
      [['rename', 'nowhere', 'Name'], 'There is no school with this id.'],
      [['rename', '../users', 'Name'], 'There is no school with this id.'],
      [['rename', 'school', ' '], 'name: give it a name'],
      [['add'], "missing required argument 'name'"],
      [['close', 'school'], "unknown command 'close'"],
    ]);
  });
});

describe('usher machine token', () => {
  test('prints one token, which lets in as many machines as it says', async () => {
    const { code, output, errors } = await usher('machine', 'token', 'IT suite', '--machines', '1', '--no-approval');
    expect([code, errors]).toEqual([0, '']);
    expect(output).toMatch(/^usher1\.[A-Za-z0-9_-]+\n$/);
    await new TestDevice('room-1').enrol(server.origin, output.trim());
    await expect(new TestDevice('room-2').enrol(server.origin, output.trim())).rejects.toThrow();
    expect(await held('enrolment_tokens', 'name')).toContain('IT suite');
  });

  test('refuses what cannot be by the name of what is wrong, and makes nothing', async () => {
    await refused('machine', 'enrolment_tokens', [
      [['token', ' '], 'name: give it a name'],
      [['token', 'Room\u0007'], 'name: must be one line of visible text'],
      [['token', 'A', '--hours', '9999'], 'hours: '],
      [['token', 'A', '--hours', 'soon'], 'It must be a whole number.'],
      [['token', 'A', '--hours', '-5'], 'It must be a whole number.'],
      [['token', 'A', '--machines', '0'], 'machines: '],
      [['token', 'A', '--network', '10.0.0.0/8', '--network', '10.20.0.0/33'], 'networks.1: must be a network such as'],
      [['token', 'A', '--school', 'No School'], 'schoolId: must be lower-case letters, digits and hyphens'],
      [['token', 'A', '--school', 'nowhere'], 'there is no school with this id that you look after'],
      [['token', 'A', '--for-ever'], "unknown option '--for-ever'"],
      [['token'], "missing required argument 'name'"],
    ]);
  });
});

describe('where the central endpoint is', () => {
  test.each([
    ['nonsense', '--server must be an address such as https://usher.school.example, not "nonsense".'],
    ['ftp://usher.example', '--server must be an address'],
    ['http://usher.school.example', '--server must begin with https://'],
    ['http://127.0.0.1:9', 'does not answer. Start it (npm start) and try again. No token was made.'],
  ])('--server %s', async (address, words) => {
    const { code, errors } = await usher('machine', 'token', 'A', '--server', address);
    expect(code).toBe(1);
    expect(errors).toContain(words);
  });

  test('a folder without one, or whose token is another’s, is named', async () => {
    const other = mkdtempSync(join(tmpdir(), 'usher-operator-'));
    onTestFinished(() => rmSync(other, { recursive: true, force: true }));
    const none = await usherCommand(['school', 'list', '--state', other], {});
    expect([none.code, none.errors.trim()]).toEqual([
      1,
      `The central endpoint has not run on this state folder yet: there is no ${join(other, 'server/origin')}. Name the folder with --state.`,
    ]);
    const elsewhere = await usherCommand(['school', 'list', '--state', other, '--server', server.origin], {});
    expect(elsewhere.errors).toContain('This needs the state folder of the central endpoint');
  });
});
