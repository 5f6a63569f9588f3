import type { ClauseReference, SessionNotice } from '../../contract/lock.ts';
import type { DeviceNotice } from '../../contract/usb.ts';
import type { Plug } from '../../rules/usb/device-control.ts';
import { deviceWord } from '../../words/device-words.ts';

export interface NoticeParts {
  clauseOf(id: string): ClauseReference | null;
  /** Null where no code can be checked on this machine. */
  deviceCodeOf(plug: Plug): string | null;
  /** A moment in the words of this machine's own time zone. */
  momentWords(atMs: number): string;
  atMs: number;
}

/** What the person is told about a device; null where there is nothing to tell. */
export function deviceNoticeOf(plug: Plug, parts: NoticeParts): SessionNotice | null {
  const state = stateOf(plug);
  if (state === null) return null;
  const { verdict } = plug;
  const held = state === 'blocked' || state === 'asked' || state === 'refused';
  const mayAsk = held && verdict.action === 'ask' && verdict.mayBeExcepted && state !== 'asked';
  const device: DeviceNotice = {
    plug: plug.id,
    state,
    mayAsk,
    deviceCode: held && verdict.mayBeExcepted ? parts.deviceCodeOf(plug) : null,
    until: state === 'allowed' && verdict.untilMs !== null ? new Date(verdict.untilMs).toISOString() : null,
  };
  const { title, text } = wordsOf(plug, state, parts);
  return {
    // Another state is another notice: closing one does not close the next.
    id: `usb:${plug.id}:${state}${plug.request === null ? '' : `:${plug.request.id.slice(0, 8)}`}`,
    kind: 'usb',
    title,
    text: verdict.instead === null || !held ? text : `${text} ${sentence(verdict.instead)}`,
    clause: verdict.rule.clause === 'default' ? null : parts.clauseOf(verdict.rule.clause),
    actions: [],
    device,
  };
}

function stateOf({ want, failed, verdict, request, doing }: Plug): DeviceNotice['state'] | null {
  if (want === 'use') {
    if (verdict.reportOnly) return null;
    if (verdict.by.kind === 'code' || (verdict.by.kind === 'grant' && request?.answer === 'approved')) return 'allowed';
    return verdict.action === 'warn' ? 'warned' : null;
  }
  if (failed?.what === 'hold') return 'blockFailed';
  if (verdict.by.kind === 'locked' || doing === 'inspect') return null;
  if (request !== null && request.answer === null) return 'asked';
  return request?.answer === 'refused' ? 'refused' : 'blocked';
}

function wordsOf(
  plug: Plug,
  state: DeviceNotice['state'],
  { momentWords }: NoticeParts,
): { title: string; text: string } {
  const word = deviceWord(plug.device);
  const note = plug.request?.note ?? '';
  const said = note === '' ? '' : ` They said: ${sentence(note)}`;
  switch (state) {
    case 'blocked':
    case 'waiting':
      return { title: `This ${word} was not opened`, text: whyHeld(plug) };
    case 'blockFailed':
      return {
        title: `This ${word} could not be stopped`,
        text: 'It is not allowed here, and this computer could not keep it out. Take it out now and tell IT.',
      };
    case 'warned':
      return {
        title: `Take care with this ${word}`,
        text: 'You may use it. Do not leave it behind, and keep what is personal off it.',
      };
    case 'asked':
      return {
        title: 'IT was asked',
        text: `You are told here as soon as they answer. Until then this ${word} stays closed.`,
      };
    case 'refused':
      return { title: `IT did not allow this ${word}`, text: `It stays closed.${said}` };
    case 'allowed': {
      const until = plug.verdict.untilMs === null ? '' : ` until ${momentWords(plug.verdict.untilMs)}`;
      return { title: `You may use this ${word}`, text: `IT allows it${until}.${said}` };
    }
  }
}

function whyHeld({ verdict, device }: Plug): string {
  if (verdict.kind === 'disguised')
    return 'It stores files and types like a keyboard, as devices made to do harm do. Give it to IT.';
  if (verdict.kind === 'unreadable') return 'What it says of itself contradicts itself. Give it to IT.';
  if (verdict.action === 'ask') return 'It needs IT’s permission first.';
  return device.kinds.includes('storage') ? 'Portable storage is not used here.' : 'It is not used here.';
}

const sentence = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`);
