import { z } from 'zod';
import { acceptanceSubmission, reading } from './acceptance.ts';
import { noticeAnswer } from './lock.ts';
import { sha256Hex } from './primitives.ts';
import { outcomeOf } from './problem.ts';
import { acceptanceReceipt, sessionProtocol, sessionView } from './session.ts';

/**
 * The windows the shell can show. `gate` and `cover` are the policy's kiosk windows, `idleWarning` and `lockCover` stand
 * on every display, `presenting` and `standing` are strips and `notice` a corner of the person's own display; the rest are ordinary.
 */
export const pageName = z.enum([
  'gate',
  'cover',
  'policy',
  'receipts',
  'about',
  'idleWarning',
  'lockCover',
  'presenting',
  'standing',
  'notice',
]);
export type PageName = z.infer<typeof pageName>;

/** What a page shows: the service's view, and whether the service can be reached right now. */
export const pageView = z.strictObject({
  service: z.enum(['connected', 'reconnecting']),
  view: sessionView.nullable(),
});
export type PageView = z.infer<typeof pageView>;

/**
 * The page protocol: renderer to Electron main, over `ipcRenderer.invoke` on the channel `usher:` + name.
 * Main checks channel, sender frame, origin and schema. The preload exposes exactly these as `window.usher`.
 */
export const pageProtocol = {
  requests: {
    view: { params: z.strictObject({}), result: pageView },
    readingProgressed: { params: z.strictObject({ policyHash: sha256Hex, reading }), result: outcomeOf(z.null()) },
    accept: { params: acceptanceSubmission, result: outcomeOf(acceptanceReceipt) },
    decline: {
      params: z.strictObject({ policyHash: sha256Hex, reason: z.string().max(1_000), reading }),
      result: outcomeOf(z.null()),
    },
    chooseRole: sessionProtocol.requests.chooseRole,
    answerCheck: sessionProtocol.requests.answerCheck,
    postpone: sessionProtocol.requests.postpone,
    namePerson: sessionProtocol.requests.namePerson,
    askAgain: sessionProtocol.requests.askAgain,
    policyText: sessionProtocol.requests.policyText,
    receipts: { params: z.strictObject({}), result: outcomeOf(z.array(acceptanceReceipt)) },
    /** "Continue" after Recorded: the gate windows may go. */
    finish: { params: z.strictObject({}), result: outcomeOf(z.null()) },
    lockNow: { params: z.strictObject({}), result: outcomeOf(z.null()) },
    extend: { params: z.strictObject({}), result: outcomeOf(z.null()) },
    endPresentation: { params: z.strictObject({}), result: outcomeOf(z.null()) },
    answerNotice: {
      params: z.strictObject({ id: z.string().min(1).max(100), answer: noticeAnswer }),
      result: outcomeOf(z.null()),
    },
    signOut: { params: z.strictObject({}), result: outcomeOf(z.null()) },
    askForDevice: sessionProtocol.requests.askForDevice,
    enterDeviceCode: sessionProtocol.requests.enterDeviceCode,
    /** Saves the calling page as PDF where the person chooses. */
    print: { params: z.strictObject({}), result: outcomeOf(z.null()) },
  },
  notifications: { viewChanged: { params: pageView } },
} as const;
export type PageRequest = keyof typeof pageProtocol.requests;
export type PageParams<M extends PageRequest> = z.infer<(typeof pageProtocol.requests)[M]['params']>;
export type PageResult<M extends PageRequest> = z.infer<(typeof pageProtocol.requests)[M]['result']>;

export const pageChannel = (name: string): string => `usher:${name}`;

/** `window.usher` in a page. */
export type PageBridge = {
  [M in PageRequest]: (params: PageParams<M>) => Promise<PageResult<M>>;
} & {
  /** Calls back on every change; returns how to stop. */
  onViewChanged(listener: (view: PageView) => void): () => void;
};
