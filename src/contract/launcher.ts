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

/**
 * What the server's program is started with, besides itself. Node lets the space for new objects grow to three times
 * 16 MiB and more under load (https://nodejs.org/api/cli.html#--max-semi-space-sizesize-in-mib); an exchange with a
 * machine is gone long before that is full, and with 4 MiB the server holds a third less memory.
 */
export const serverNodeFlags = ['--max-semi-space-size=4'] as const;
