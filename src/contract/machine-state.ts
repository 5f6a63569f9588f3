import { z } from 'zod';
import { postureCheckName } from './policy-rules.ts';

const short = z.string().max(300);

/** One thing the operating system says about how the machine is protected. */
export const postureCheck = z.strictObject({
  name: postureCheckName,
  /** `unknown`: the system did not say, or Usher may not ask. */
  state: z.enum(['good', 'bad', 'unknown']),
  /** What was found and, where it is bad, what to do; one sentence for a technician. */
  detail: short,
});
export type PostureCheck = z.infer<typeof postureCheck>;

/** The operating system's own screen lock; null where it does not say. */
export const screenLockSetting = z.strictObject({
  /** Seconds without use until it locks; null: never. */
  afterSeconds: z.int().min(0).nullable(),
  /** Where it was read, such as `org.gnome.desktop.session idle-delay`. */
  source: short,
});
export type ScreenLockSetting = z.infer<typeof screenLockSetting>;

export const posture = z.strictObject({
  checks: z.array(postureCheck).max(20),
  screenLock: screenLockSetting.nullable(),
});
export type Posture = z.infer<typeof posture>;

/** What the machine is made of and how it is doing. No names of files or people. */
export const inventory = z.strictObject({
  manufacturer: short.nullable(),
  model: short.nullable(),
  serial: short.nullable(),
  operatingSystem: short,
  kernel: short,
  processor: short,
  processorCores: z.int().min(0),
  memoryMiB: z.int().min(0),
  disks: z.array(z.strictObject({ name: short, kind: short, sizeGiB: z.number().min(0) })).max(50),
  /** Space on the volume the system is on. */
  systemVolume: z.strictObject({ sizeGiB: z.number().min(0), freePercent: z.number().min(0).max(100) }).nullable(),
  battery: z
    .strictObject({ healthPercent: z.number().min(0).max(200).nullable(), cycles: z.int().min(0).nullable() })
    .nullable(),
  displays: z.int().min(0),
});
export type Inventory = z.infer<typeof inventory>;
