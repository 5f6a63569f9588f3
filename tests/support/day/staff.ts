import type { Page } from 'playwright-core';

/** Who somebody says they are on the gate's first card. */
export interface Reader {
  audience: string;
  teaching: boolean;
}

export interface Signing {
  name: string;
  jobTitle: string;
  signature: 'typed' | 'drawn';
}

const readingPauseMs = 60;

/** Answers "Who are you here as?" when the policy asks it. */
export async function sayWhoYouAre(page: Page, reader: Reader): Promise<void> {
  const question = page.getByRole('button', { name: 'Show me the policy' });
  const accept = page.getByRole('button', { name: 'Accept', exact: true });
  await question.or(accept).first().waitFor();
  if (!(await question.isVisible())) return;
  const choice = page.getByRole('radio', { name: reader.audience });
  if ((await choice.count()) > 0) await choice.first().check();
  const teaching = page.getByRole('checkbox', { name: 'I have a teaching role' });
  if (reader.teaching && (await teaching.count()) > 0) await teaching.check();
  await question.click();
}

/** Has the reading condition been met, so that Accept can be pressed? */
export async function acceptIsOpen(page: Page): Promise<boolean> {
  const accept = page.getByRole('button', { name: 'Accept', exact: true });
  return (await accept.getAttribute('aria-disabled')) !== 'true';
}

/**
 * Reads with the keyboard, page by page, until Accept opens.
 * @returns how many times Page Down was pressed.
 * @throws Error with what the page still asks for, when it does not open within `timeoutMs`.
 */
export async function readToTheEnd(page: Page, timeoutMs = 30_000): Promise<number> {
  await page.getByRole('button', { name: 'Accept', exact: true }).waitFor();
  const until = performance.now() + timeoutMs;
  let presses = 0;
  while (!(await acceptIsOpen(page))) {
    if (performance.now() > until) {
      throw new Error(`Accept did not open: ${await page.locator('#answer-status').innerText()}`);
    }
    await page.keyboard.press('PageDown');
    presses += 1;
    await page.waitForTimeout(readingPauseMs);
  }
  return presses;
}

/** Opens the form and fills all of it, as somebody would; does not sign yet. */
export async function fillForm(page: Page, signing: Signing): Promise<void> {
  await page.getByRole('button', { name: 'Accept', exact: true }).click();
  const form = page.getByRole('dialog', { name: 'Sign the policy' });
  await form.waitFor();
  for (const statement of await form.getByRole('checkbox').all()) await statement.check();
  for (const [kind, value] of [
    ['printedName', signing.name],
    ['jobTitle', signing.jobTitle],
  ] as const) {
    const field = form.locator(`input[data-kind="${kind}"]`);
    if ((await field.count()) > 0) await field.first().fill(value);
  }
  if ((await form.getByRole('group', { name: 'Signature' }).count()) === 0) return;
  if (signing.signature === 'typed') {
    await form.getByRole('textbox', { name: 'Type your full name as your signature' }).fill(signing.name);
  } else {
    await form.getByText('Draw', { exact: true }).click();
    await drawSignature(page);
  }
}

/** Draws a hand-like line with the mouse. */
async function drawSignature(page: Page): Promise<void> {
  const canvas = page.locator('.signature-box canvas');
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  if (box === null) throw new Error('There is no box to draw a signature in.');
  const at = (part: number) => ({
    x: box.x + box.width * (0.15 + 0.6 * part),
    y: box.y + box.height * (0.5 + 0.28 * Math.sin(part * 19) * (1 - part * 0.5)),
  });
  await page.mouse.move(at(0).x, at(0).y);
  await page.mouse.down();
  for (let step = 1; step <= 40; step += 1) await page.mouse.move(at(step / 40).x, at(step / 40).y);
  await page.mouse.up();
}

/** Presses "Sign and accept" and waits for "Recorded". */
export async function sign(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign and accept' }).click();
  await page.getByRole('heading', { name: /^Recorded at \d\d:\d\d on this computer\.$/ }).waitFor();
}

/** The verification code on the page, as XXXX-XXXX-XXXX. */
export async function verificationCodeOn(page: Page): Promise<string> {
  const text = await page.locator('.receipt, .record-receipt').innerText();
  const code = /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(text)?.[0];
  if (code === undefined) throw new Error(`There is no verification code on the page:\n${text}`);
  return code;
}

/** From the first card to "Recorded", in one go. @returns the verification code. */
export async function acceptThePolicy(page: Page, reader: Reader, signing: Signing): Promise<string> {
  await sayWhoYouAre(page, reader);
  await readToTheEnd(page);
  await fillForm(page, signing);
  await sign(page);
  return verificationCodeOn(page);
}

/** Presses Continue after "Recorded"; the window goes away, sometimes before the click has been reported back. */
export async function goOn(page: Page): Promise<void> {
  try {
    await page.getByRole('button', { name: 'Continue' }).click();
  } catch (error) {
    if (!page.isClosed()) throw error;
  }
}
