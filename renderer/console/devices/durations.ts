/** How long something may be allowed, as people say it. */
export const durations = [
  { value: '1', label: '1 hour' },
  { value: '8', label: '8 hours' },
  { value: '24', label: '1 day' },
  { value: '168', label: '1 week' },
  { value: '720', label: '30 days' },
  { value: '2160', label: '90 days' },
  { value: '8760', label: '1 year' },
];

/** The instant so many hours from now. */
export const inHours = (hours: string, now: Date): string =>
  new Date(now.getTime() + Number(hours) * 60 * 60_000).toISOString();
