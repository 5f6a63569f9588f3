import { timeLeftWords } from '../../src/words/state-words.ts';

export const words = {
  leaving: (seconds: number) =>
    seconds > 0 ? `You are signed out in ${timeLeftWords(seconds)}` : 'You are being signed out',
  save: 'Save your work now. You did not accept the policy.',
  limited: 'Limited session',
  notAccepted: (title: string) => `You have not accepted “${title}”. This is recorded.`,
  notAcceptedMany: (count: number) => `You have not accepted ${count} policies. This is recorded.`,
  again: 'Read and accept',
} as const;
