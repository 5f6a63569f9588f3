export const words = {
  presenting: 'Presenting',
  left: (seconds: number) => (seconds <= 120 ? `${seconds} s left` : `${Math.ceil(seconds / 60)} min left`),
  soon: 'Ends soon: then the screen can lock again',
  lock: 'Lock now',
  end: 'End',
} as const;
