import type { NoticeAnswer } from '../../src/contract/lock.ts';

export const words = {
  of: (place: number, count: number) => `${place} of ${count}`,
  close: 'Close',
  actions: { signOut: 'Sign out', shutDown: 'Shut down' } satisfies Partial<Record<NoticeAnswer, string>>,
  sure: {
    signOut: 'Sign out now? Save your work first.',
    shutDown: 'Shut this computer down now? Save your work first.',
  } satisfies Partial<Record<NoticeAnswer, string>>,
  device: {
    ask: 'Ask permission',
    haveCode: 'I have a code',
    reason: 'What do you need it for?',
    readOut: 'No network? Ring IT and read this out:',
    code: 'The code IT gives you',
    send: { ask: 'Send to IT', code: 'Use this code' },
  },
  yes: 'Yes',
  back: 'Back',
} as const;
