import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { policy } from '../src/contract/policy.ts';
import { openJournalForExport } from '../src/journal/index.ts';
import { openBrowser } from '../tests/support/browser.ts';
import { goTo, signInByLink } from '../tests/support/day/reviewer.ts';
import { fillForm, readToTheEnd, sayWhoYouAre, goOn } from '../tests/support/day/staff.ts';
import { startOnStandIn } from '../tests/support/electron/driver/stand-in-driver.ts';
import { starterPack, startMachine } from '../tools/launch/machine.ts';
import { usherCommand } from '../tools/launch/usher-command.ts';
import { percentile, rounded, type Figures } from './figure.ts';

const rounds = 40;

/**
 * A person accepts one new version after the other while a console is open. Both pages note the moment themselves, by
 * the wall clock of this one computer: the click, the heading "Recorded" (shown only once the record is on disk) and
 * the row on the console. `acceptDurable` runs from the click to that heading, so it includes the page's own work;
 * `durableVisible` from the record's own time, taken just before it is committed, to the row. Both err on the long side.
 */
export async function measureAccept(tell: (line: string) => void): Promise<Figures> {
  const stateFolder = mkdtempSync(path.join(tmpdir(), 'usher-bench-'));
  const machine = await startMachine({
    stateFolder,
    port: 0,
    tell: () => undefined,
    settings: { pollSeconds: '1', logLevel: 'warn' },
  });
  const browser = await openBrowser();
  const shell = await startOnStandIn({ env: machine.environment });
  try {
    const console = await signInByLink(browser, machine.signInLink);
    await goTo(console, 'Events');
    const durable: number[] = [];
    const seen: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      if (round > 1) await publishVersion(stateFolder, machine.origin, machine.environment, round);
      const gate = await shell.page('gate', 20_000);
      await sayWhoYouAre(gate, { audience: 'Staff', teaching: false });
      await readToTheEnd(gate);
      await fillForm(gate, { name: 'Robin Ashdown', jobTitle: 'Teacher', signature: 'typed' });
      await watchForRow(console, `version ${round}`);
      const { clickedAt, recordedAt } = await signAndTime(gate);
      const seenAt = await rowSeenAt(console);
      durable.push(recordedAt - clickedAt);
      seen.push(seenAt);
      await goOn(gate);
      if (round % 10 === 0) tell(`  … ${round} of ${rounds} acceptances`);
    }
    const visible = committedTimes(stateFolder).map((committedAt, round) => (seen[round] ?? Number.NaN) - committedAt);
    if (visible.length !== rounds)
      throw new Error(`${rounds} acceptances were made, ${visible.length} are in the journal.`);
    const milliseconds = (sample: number[], percent: number, goal?: string) => ({
      value: rounded(percentile(sample, percent), 1),
      unit: 'ms',
      ...(goal === undefined ? {} : { goal }),
    });
    return {
      acceptDurableP50Ms: milliseconds(durable, 50),
      acceptDurableP99Ms: milliseconds(durable, 99),
      durableVisibleP50Ms: milliseconds(visible, 50),
      durableVisibleP99Ms: milliseconds(visible, 99, '≤ 1,000'),
    };
  } finally {
    await shell.quit();
    await browser.close();
    await machine.stop();
    rmSync(stateFolder, { recursive: true, force: true });
  }
}

/** The starter pack, different in one clause each time, so that it is a new version. */
async function publishVersion(
  folder: string,
  origin: string,
  environment: Record<string, string>,
  version: number,
): Promise<void> {
  const pack = policy.parse(JSON.parse(readFileSync(starterPack, 'utf8')));
  const clause = pack.sections[0]?.clauses[0];
  if (clause === undefined) throw new Error('The starter pack has no clause.');
  clause.text = `${clause.text} (Edition ${version}.)`;
  const file = path.join(folder, 'edition.json');
  writeFileSync(file, JSON.stringify(pack));
  const result = await usherCommand(['policy', 'publish', file, '--server', origin], environment);
  if (result.code !== 0) throw new Error(`Publishing version ${version} failed: ${result.errors}`);
}

/** When each acceptance was sealed, oldest first, in milliseconds since 1970. */
function committedTimes(stateFolder: string): number[] {
  const journal = openJournalForExport({ folder: path.join(stateFolder, 'service') });
  try {
    return journal
      .recordsOfType('policy.accepted')
      .map(({ body }) => Date.parse(body?.at ?? ''))
      .reverse();
  } finally {
    journal.close();
  }
}

/** Clicks inside the page, and gives both moments in milliseconds since 1970, as the page saw them. */
function signAndTime(gate: Page): Promise<{ clickedAt: number; recordedAt: number }> {
  return gate.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const submit = document.querySelector<HTMLButtonElement>('.sign-form button[type=submit]');
        if (submit === null) return reject(new Error('The form has no button to sign with.'));
        const timer = setTimeout(() => reject(new Error('Not recorded within 10 s.')), 10_000);
        const clickedAt = Date.now();
        new MutationObserver((_changes, observer) => {
          if (document.querySelector('h1')?.textContent?.startsWith('Recorded at') !== true) return;
          observer.disconnect();
          clearTimeout(timer);
          resolve({ clickedAt, recordedAt: Date.now() });
        }).observe(document.body, { childList: true, subtree: true, characterData: true });
        submit.click();
      }),
  );
}

/** Has the console note, on its element `<html data-seen-at>`, when a row with these words comes up. */
function watchForRow(console: Page, words: string): Promise<void> {
  return console.evaluate((wanted) => {
    delete document.documentElement.dataset['seenAt'];
    const rows = () => [...document.querySelectorAll('tbody tr')];
    const holds = (row: Element) =>
      new RegExp(`${wanted}(?!\\d)`).test(row.textContent ?? '') && /accepted/i.test(row.textContent ?? '');
    if (rows().some(holds)) throw new Error(`The console shows ${wanted} already.`);
    new MutationObserver((_changes, observer) => {
      if (!rows().some(holds)) return;
      observer.disconnect();
      document.documentElement.dataset['seenAt'] = String(Date.now());
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  }, words);
}

async function rowSeenAt(console: Page): Promise<number> {
  const seen = await console.waitForFunction(() => document.documentElement.dataset['seenAt'] ?? null, null, {
    timeout: 20_000,
    polling: 20,
  });
  return Number(await seen.jsonValue());
}
