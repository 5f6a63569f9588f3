import type { NoticeAnswer } from '../../src/contract/lock.ts';

export const words = {
  of: (place: number, count: number) => `${place} of ${count}`,
  close: 'Close',
  actions: { signOut: 'Sign out', shutDown: 'Shut down' } satisfies Partial<Record<NoticeAnswer, string>>,
  sure: {
    signOut: 'Sign out now? Save your work first.',
    shutDown: 'Shut this computer down now? Save your work first.',
  } satisfies Partial<Record<NoticeAnswer, string>>,
  yes: 'Yes',
  back: 'Back',
} as const;
