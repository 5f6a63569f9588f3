/** Every word of the policy page that is not the policy's own. */
export const words = {
  yourSchool: 'Your school',
  accepted: (date: string) => `You accepted this version on ${date}.`,
  notAccepted: 'You have not accepted this version yet.',
  published: (date: string) => `Your school published it on ${date}.`,
  fingerprint: 'Fingerprint',
  fingerprintName: 'the policy’s fingerprint',
} as const;
