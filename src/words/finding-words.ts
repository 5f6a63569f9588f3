import type { FindingKind } from '../contract/machine-standing.ts';

/** What was found about a machine: a word for lists, whether the record itself is in doubt, and what to do about it. */
export const findingWords: Record<FindingKind, { word: string; grave: boolean; whatToDo: string }> = {
  cloned: {
    word: 'Two machines, one key',
    grave: true,
    whatToDo:
      'Find the two computers (a disk image taken after Usher was set up is the usual cause), revoke this machine, and set both up again with a new token.',
  },
  rolledBack: {
    word: 'Set back',
    grave: true,
    whatToDo:
      'Ask who restored this computer from an image, snapshot or backup; if nobody did, keep it and look into it. It goes on recording by itself.',
  },
  forked: {
    word: 'Two histories',
    grave: true,
    whatToDo:
      'Find out whether the disk was copied or restored, or somebody changed the record; both histories are kept as evidence.',
  },
  reinstalled: {
    word: 'Set up again?',
    grave: false,
    whatToDo:
      'Open the machine and say whether it is the same computer set up again; if so, the former one is revoked and its records stay.',
  },
  untrusted: {
    word: 'Not its signature',
    grave: true,
    whatToDo:
      'Look at this computer: if it was set up again, revoke this machine and enrol it with a token; if not, somebody else uses its name.',
  },
  silent: {
    word: 'Silent',
    grave: false,
    whatToDo:
      'See whether the computer is switched on and on the network, and what “usher status” says there; somebody may have stopped Usher.',
  },
  gone: {
    word: 'Probably gone',
    grave: false,
    whatToDo: 'If the computer was thrown away, lost or given back, revoke it; else switch it on and see what it says.',
  },
};
