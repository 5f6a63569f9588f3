import { z } from 'zod';

const byte = z.int().min(0).max(255);
const bytes = z.base64();

/** A device on its way into the bus; bytes as base64. */
export const wireDevice = z.object({
  vendorId: z.int(),
  productId: z.int(),
  vendor: z.string().nullable(),
  product: z.string().nullable(),
  serial: z.string().nullable(),
  deviceClass: byte,
  interfaces: z.array(z.tuple([byte, byte, byte])),
  descriptors: bytes,
  disk: z.object({ sectors: z.int(), head: bytes }).nullable(),
});
export type WireDevice = z.infer<typeof wireDevice>;

/** What the bus is told, a line of JSON each; it answers each with a line. */
export const busCommand = z.discriminatedUnion('op', [
  z.object({ op: z.literal('add'), port: z.string(), device: wireDevice, jammed: z.boolean() }),
  z.object({ op: z.literal('remove'), port: z.string() }),
  /** Mends a jammed device: one whose `authorized` takes no word. */
  z.object({ op: z.literal('mend'), port: z.string() }),
  z.object({ op: z.literal('read'), port: z.string(), name: z.string() }),
  /** Leads connections to this port of the bus's own loopback out through a Unix socket. */
  z.object({ op: z.literal('forward'), port: z.int(), through: z.string() }),
]);
export type BusCommand = z.infer<typeof busCommand>;

/** `told`: by CLOCK_MONOTONIC in milliseconds, right before the event went out. */
export const busAnswer = z.object({ ok: z.boolean(), told: z.number().optional(), text: z.string().optional() });
export type BusAnswer = z.infer<typeof busAnswer>;
