import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { alertPaths } from '../../src/contract/console-alerts.ts';
import { openBrowser } from '../support/browser.ts';
import { signInByLink } from '../support/day/reviewer.ts';
import { everyLook } from '../support/every-look.ts';
import { webReceiver } from '../support/receivers/web-receiver.ts';
import { alertingServer, lockFailed, ruleOf } from '../server/alerting-server.ts';
import { enrolledDevice } from '../server/running.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
});

test(
  'a channel is added and tried, a rule uses it, and the alert is there with its delivery',
  { timeout: 240_000 },
  async () => {
    const it = await alertingServer({ consoleFolder: resolve(import.meta.dirname, '../../dist/console') });
    const receiver = await webReceiver();
    const page = await signInByLink(browser, await it.server.signInLink());
    const faults: string[] = [];
    const look = async (name: string): Promise<void> => {
      faults.push(...(await everyLook(page, `alerts ${name}`)));
    };
    await page.goto(`${it.server.origin}/settings/alerts`);
    await page.getByRole('heading', { name: 'Nothing was alerted on' }).waitFor();
    await look('recent-empty');

    await page.goto(`${it.server.origin}/settings/alerts/channels`);
    await page.getByRole('heading', { name: 'Alerts go nowhere yet' }).waitFor();
    await page.getByRole('link', { name: 'Add a webhook' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('On call');
    await page.getByRole('textbox', { name: 'Address' }).fill('http://hooks.example/x');
    await page.getByRole('button', { name: 'Add the channel' }).click();
    await page.getByText('must begin with https://').waitFor();
    await page.getByRole('textbox', { name: 'Address' }).fill(receiver.url);
    await page.getByRole('button', { name: 'Add the channel' }).click();
    await page.getByText('Keep this secret now').waitFor();
    await look('channel-new');

    const [channel] = await it.channels();
    receiver.answerNext({ status: 404, body: 'no such hook' });
    await page.goto(`${it.server.origin}/settings/alerts/channels.${channel?.id ?? ''}`);
    await page.getByRole('button', { name: 'Send a test now' }).click();
    await page.getByText('It answered 404 no such hook').first().waitFor();
    await look('channel-tested');

    await it.made(alertPaths.rules, ruleOf({ channels: [channel?.id ?? ''] }));
    const device = await enrolledDevice(it.server, 'room-12');
    device.begin();
    await device.sync(it.server.origin);
    await new Promise((done) => setTimeout(done, 300));
    device.record(lockFailed);
    await device.sync(it.server.origin);
    await vi.waitFor(() => expect(receiver.taken).toHaveLength(1), { timeout: 10_000 });
    await page.goto(`${it.server.origin}/settings/alerts`);
    await page
      .getByRole('link', { name: /could not be locked/ })
      .last()
      .click();
    await page.getByRole('heading', { name: 'Delivery' }).waitFor();
    await look('recent');

    await page.goto(`${it.server.origin}/settings/alerts/rules.default-sign-in`);
    await page.getByText('5 times within 15 minutes').waitFor();
    await look('rule');

    await it.made(alertPaths.feeds, {
      kind: 'otlp',
      name: 'Collector',
      schoolId: null,
      types: [],
      includeNames: false,
      from: 'now',
      enabled: true,
      url: receiver.url,
    });
    await page.goto(`${it.server.origin}/settings/alerts/feeds`);
    await page.getByRole('link', { name: 'Collector' }).waitFor();
    await page.getByRole('link', { name: 'Add syslog' }).click();
    await page.getByRole('textbox', { name: 'Receiver' }).waitFor();
    await look('feeds');

    await page.goto(`${it.server.origin}/settings/alerts/digests.school`);
    await page.getByText('No policy is published yet').first().waitFor();
    await look('digest');
    expect(faults).toEqual([]);
  },
);
