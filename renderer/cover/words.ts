/** Every word of the cover. */
export const words = {
  yourSchool: 'Your school',
  text: 'Please read the policy on the main screen.',
} as const;
