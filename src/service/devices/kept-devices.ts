import { z } from 'zod';
import { plugId, usbDecision, usbDevice } from '../../contract/usb.ts';

/** What has to be known when the service starts again. */
export const keptDevices = z.strictObject({
  /** Part of every device code; changes when a code was used, so that none works twice. */
  nonce: z.string().min(16).max(40),
  /** Codes that were wrong since the last right one. */
  wrongCodes: z.int().min(0),
  plugs: z
    .array(
      z.strictObject({
        id: plugId,
        device: usbDevice,
        decision: usbDecision,
        /** Wall clock; null without a code. */
        codeUntilMs: z.number().nullable(),
        request: z
          .strictObject({ id: z.string(), answer: z.enum(['approved', 'refused']).nullable(), note: z.string() })
          .nullable(),
      }),
    )
    .max(1_000),
});
export type KeptDevices = z.infer<typeof keptDevices>;
