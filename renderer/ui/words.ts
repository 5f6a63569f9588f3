import { audienceWords, contactPurposeWords } from '../../src/words/policy-words.ts';

/** Words that several pages share. Each page has its own in `words.ts` beside it. */
export const uiWords = {
  noAnswer: 'Usher did not answer. Nothing you entered is lost: wait a moment and try again.',
  outsideShell: {
    title: 'This page is part of Usher',
    text: 'It works inside Usher on a school computer. Opened on its own it has nothing to show.',
  },
  broken: {
    title: 'This page stopped working',
    text: 'Nothing that was recorded is lost. Load the page again; if it stays like this, tell your school’s IT staff.',
    again: 'Load again',
  },
  waiting: { title: 'One moment', text: 'Usher is starting on this computer.' },
  reconnecting: {
    title: 'Usher is restarting on this computer.',
    text: 'Nothing you entered is lost. You can go on reading; this clears by itself.',
  },
  noPolicy: {
    title: 'No policy has reached this computer yet',
    text: 'Your school’s IT staff publish it. It appears here by itself as soon as it arrives.',
  },
  appearance: {
    group: 'How this page looks and sounds',
    smaller: 'Smaller text',
    larger: 'Larger text',
    contrast: 'More contrast',
    dark: 'Dark background',
    readAloud: 'Read aloud',
    stopReading: 'Stop reading aloud',
  },
  copy: (what: string) => `Copy ${what}`,
  copied: 'Copied',
  copyFailed: 'Select it and copy',
  audiences: audienceWords,
  contactPurposes: contactPurposeWords,
  version: (version: number) => `Version ${version}`,
  minutes: (minutes: number) => `about ${minutes} min to read`,
} as const;

/** The words that policies read on screen share: contents, search, clauses. */
export const readingWords = {
  skip: 'Skip to the policy',
  contents: 'Contents',
  read: 'read',
  progress: 'Read so far',
  percent: (percent: number) => `${percent} %`,
  search: 'Search this policy',
  searchHint: 'Press / to search',
  next: 'Next match',
  previous: 'Previous match',
  clear: 'Clear the search',
  noMatches: 'Not found',
  matches: (current: number, count: number) => `${current} of ${count}`,
  matchesSpoken: (current: number, count: number) => (count === 0 ? 'Nothing found' : `Match ${current} of ${count}`),
  onlyTeaching: 'Teaching roles only',
  onlyFor: (people: string) => `Only for: ${people}`,
  clause: (number: string) => `Clause ${number}`,
  contacts: 'Who to ask',
  end: 'End of the policy',
} as const;
