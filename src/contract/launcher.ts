import { z } from 'zod';
import { deviceId, sha256Hex } from './primitives.ts';

/** What each program tells the process that started it (Node's IPC channel) once it is ready. */
export const serverReady = z.strictObject({
  kind: z.literal('serverReady'),
  origin: z.url(),
  /** One-time administrator sign-in link. */
  signInLink: z.url(),
  /** For this machine, when asked for with `USHER_BOOTSTRAP=1`. */
  enrolmentToken: z.string(),
  serverKeyFingerprint: sha256Hex,
  currentPolicyHash: sha256Hex.nullable(),
});
export const serviceReady = z.strictObject({
  kind: z.literal('serviceReady'),
  socketPath: z.string(),
  deviceId,
  enrolled: z.boolean(),
});
export const shellReady = z.strictObject({
  kind: z.literal('shellReady'),
  shownAs: z.string(),
  /** Loopback address where a browser shows and operates the windows, if there is no display. */
  viewer: z.url().nullable(),
});
export const readyMessage = z.discriminatedUnion('kind', [serverReady, serviceReady, shellReady]);
export type ReadyMessage = z.infer<typeof readyMessage>;
