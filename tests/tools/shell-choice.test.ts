import { expect, test } from 'vitest';
import { chooseShell, hasDisplay } from '../../tools/launch/shell-choice.ts';

const missing = "Electron's program could not be downloaded";

test('Electron is used where its program and a display are there', () => {
  expect(chooseShell({ electron: { program: '/e' }, hasDisplay: true, browser: null })).toMatchObject({
    kind: 'electron',
    program: '/e',
  });
});

test('without Electron a Chromium window stands in, and the sentence says why', () => {
  const choice = chooseShell({ electron: { missing }, hasDisplay: true, browser: '/usr/bin/chromium' });
  expect(choice).toEqual({
    kind: 'window',
    browser: '/usr/bin/chromium',
    sentence: "a stand-in for Electron in a Chromium window, because Electron's program could not be downloaded.",
  });
});

test('without a display the stand-in has no window, whatever else is there', () => {
  expect(chooseShell({ electron: { missing }, hasDisplay: false, browser: '/usr/bin/chromium' })).toEqual({
    kind: 'headless',
    sentence:
      "a stand-in for Electron without a window, because Electron's program could not be downloaded and this computer has no display.",
  });
  expect(chooseShell({ electron: { program: '/e' }, hasDisplay: false, browser: null })).toMatchObject({
    kind: 'headless',
  });
});

test('a display without Electron or any Chromium still shows the screen in a browser of choice', () => {
  expect(chooseShell({ electron: { missing }, hasDisplay: true, browser: null })).toMatchObject({
    kind: 'headless',
    sentence: expect.stringContaining('no Chromium is installed to show a window with'),
  });
});

test('only Linux can be without a display', () => {
  expect(hasDisplay('linux', {})).toBe(false);
  expect(hasDisplay('linux', { DISPLAY: ':0' })).toBe(true);
  expect(hasDisplay('win32', {})).toBe(true);
});
