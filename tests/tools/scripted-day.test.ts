import { expect, test } from 'vitest';
import { ScriptedDay } from '../../tools/demo/steps.ts';

const day = () => {
  const lines: string[] = [];
  return { lines, day: new ScriptedDay({ folder: '/nowhere', tell: (line) => lines.push(line) }) };
};

test('a day passes only when every step was checked', async () => {
  const { day: run } = day();
  await run.step('one', async (step) => step.check(true, 'it holds'));
  expect(run.passed).toBe(true);
  expect(run.results[0]).toMatchObject({ name: 'one', result: 'passed', seen: ['it holds'] });
});

test('a step that checks nothing fails', async () => {
  const { day: run } = day();
  await run.step('empty', async () => {});
  expect(run.passed).toBe(false);
  expect(run.results[0]).toMatchObject({ result: 'failed', seen: ['The step checked nothing'] });
});

test('after a failure the steps that follow are not run and not passed', async () => {
  const { day: run, lines } = day();
  let ran = false;
  await run.step('one', async (step) => step.check(false, 'the sky is green'));
  await run.step('two', async () => {
    ran = true;
  });
  expect(ran).toBe(false);
  expect(run.results.map((one) => one.result)).toEqual(['failed', 'notChecked']);
  expect(run.passed).toBe(false);
  expect(lines.join('\n')).toContain('Not so: the sky is green');
});

test('a day without steps has not passed', () => {
  expect(day().day.passed).toBe(false);
});

test('a step that cannot be played here is listed with the reason, and proves nothing by itself', async () => {
  const { day: run, lines } = day();
  run.leaveOut('a stick', 'there is no bus');
  expect(run.passed).toBe(false);
  expect(lines.join('\n')).toContain('left out: there is no bus');
  await run.step('one', async (step) => step.check(true, 'it holds'));
  expect(run.passed).toBe(true);
});
