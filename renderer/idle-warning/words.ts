const plural = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'}`;

export const words = {
  stay: 'Move the mouse to stay signed in',
  locks: (seconds: number) => `The screen locks in ${plural(seconds, 'second')}`,
  save: 'Save your work',
  signsOut: (seconds: number) => `This shared computer signs you out in ${plural(seconds, 'second')}`,
  touch: 'Move the mouse or press a key to stay.',
  stillOpen: 'Still open',
  moreTime: (seconds: number) =>
    seconds % 60 === 0 ? `${plural(seconds / 60, 'more minute')}` : `${seconds} more seconds`,
  moreTimeOnce: 'This can be asked for once.',
  seconds: (seconds: number) => (seconds === 1 ? 'second' : 'seconds'),
  minutes: (seconds: number) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`,
  clause: (number: string | null) => (number === null ? 'The policy asks for this' : `Clause ${number}`),
} as const;

/** Spoken at these seconds only: a voice that counts every second says nothing. */
export const spokenAt = [60, 30, 20, 10, 5];
