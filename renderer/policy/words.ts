/** Every word of the policy page that is not the policy's own. */
export const words = {
  yourSchool: 'Your school',
  accepted: (date: string) => `You accepted this version on ${date}.`,
  notAccepted: 'You have not accepted this version yet.',
  postponed: (date: string) => `You have put it off. You have until ${date} to accept it.`,
  notYet: (date: string) => `You are asked for it from ${date} on.`,
  forOthers: 'It is for people in other roles.',
  second: {
    waiting: 'It waits for the second signature.',
    given: 'The second signature is given.',
    refused: 'The second signature was refused; somebody at your school will talk to you.',
  },
  inForce: (count: number) => `${count} policies are in force here`,
  published: (date: string) => `Your school published it on ${date}.`,
  fingerprint: 'Fingerprint',
  fingerprintName: 'the policy’s fingerprint',
} as const;
