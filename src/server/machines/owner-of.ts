import type { Owner } from '../people/record-people.ts';

/** Trust and school of what a machine sends: the school it is enrolled in, never the server's own. */
export const ownerOf = (trustId: string, device: { school_id: string }): Owner => ({
  trustId,
  schoolId: device.school_id,
});
