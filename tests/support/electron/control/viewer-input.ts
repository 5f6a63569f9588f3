import { z } from 'zod';
import type { Page } from '../window/page.ts';

const point = { x: z.number().min(-1).max(20_000), y: z.number().min(-1).max(20_000) };
const modifiers = z.int().min(0).max(15);

/** What a watcher does with mouse and keyboard. */
export const viewerInput = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('mouse'),
    type: z.enum(['mousePressed', 'mouseReleased', 'mouseMoved']),
    ...point,
    button: z.enum(['none', 'left', 'middle', 'right']),
    buttons: z.int().min(0).max(31),
    clickCount: z.int().min(0).max(3),
    modifiers,
  }),
  z.object({ kind: z.literal('wheel'), ...point, deltaX: z.number(), deltaY: z.number(), modifiers }),
  z.object({
    kind: z.literal('key'),
    type: z.enum(['keyDown', 'keyUp']),
    key: z.string().max(40),
    code: z.string().max(40),
    keyCode: z.int().min(0).max(255),
    modifiers,
  }),
  /** Pasted or composed text. */
  z.object({ kind: z.literal('text'), text: z.string().min(1).max(10_000) }),
]);
export type ViewerInput = z.infer<typeof viewerInput>;

const control = 2;
const meta = 4;
/** Editing commands that Chromium's own window would derive from these keys. */
const editing: Record<string, string> = { a: 'selectAll', c: 'copy', x: 'cut', z: 'undo', y: 'redo' };

/** Does in the page what the watcher did on the picture of it. */
export function forwardInput(page: Page, input: ViewerInput): void {
  const { cdp } = page;
  switch (input.kind) {
    case 'mouse': {
      const { type, x, y, button, buttons, clickCount, modifiers: held } = input;
      cdp.tell('Input.dispatchMouseEvent', { type, x, y, button, buttons, clickCount, modifiers: held });
      return;
    }
    case 'wheel': {
      const { x, y, deltaX, deltaY, modifiers: held } = input;
      cdp.tell('Input.dispatchMouseEvent', { type: 'mouseWheel', x, y, deltaX, deltaY, modifiers: held });
      return;
    }
    case 'text':
      cdp.tell('Input.insertText', { text: input.text });
      return;
    case 'key':
      cdp.tell('Input.dispatchKeyEvent', keyEvent(input));
  }
}

function keyEvent(input: Extract<ViewerInput, { kind: 'key' }>) {
  const { type, key, code, keyCode, modifiers: held } = input;
  const commanding = (held & (control | meta)) !== 0;
  const text = type === 'keyUp' || commanding ? '' : key === 'Enter' ? '\r' : [...key].length === 1 ? key : '';
  const command = commanding && type === 'keyDown' ? editing[key.toLowerCase()] : undefined;
  return {
    type: type === 'keyDown' && text === '' ? ('rawKeyDown' as const) : type,
    key,
    code,
    modifiers: held,
    windowsVirtualKeyCode: keyCode,
    nativeVirtualKeyCode: keyCode,
    ...(text === '' ? {} : { text, unmodifiedText: text }),
    ...(command === undefined ? {} : { commands: [command] }),
  };
}
