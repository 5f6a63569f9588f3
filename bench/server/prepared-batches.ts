import { closeSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { z } from 'zod';
import type { PackedBatch } from './sealed-machine.ts';

const place = z.strictObject({
  /** Which of the machines it is from. */
  machine: z.int(),
  offset: z.int(),
  bytes: z.int(),
  seq: z.int(),
  hash: z.string(),
  events: z.int(),
});
export type PreparedBatch = z.infer<typeof place>;
const index = z.array(place);

/** Batches made ahead of a measurement, in a file, so that the program that sends them does nothing but send. */
export class BatchWriter {
  readonly #path: string;
  readonly #file: number;
  readonly #places: PreparedBatch[] = [];
  #offset = 0;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, 'w', 0o600);
  }

  add(machine: number, { body, head, events }: PackedBatch): void {
    writeSync(this.#file, body);
    this.#places.push({ machine, offset: this.#offset, bytes: body.length, seq: head.seq, hash: head.hash, events });
    this.#offset += body.length;
  }

  close(): readonly PreparedBatch[] {
    closeSync(this.#file);
    writeFileSync(`${this.#path}.json`, JSON.stringify(this.#places));
    return this.#places;
  }
}

/** Reads what a `BatchWriter` wrote; bodies are read when they are asked for. */
export function readPrepared(path: string): {
  batches: readonly PreparedBatch[];
  bodyOf(batch: PreparedBatch): Buffer;
  close(): void;
} {
  const batches = index.parse(JSON.parse(readFileSync(`${path}.json`, 'utf8')));
  const file = openSync(path, 'r');
  return {
    batches,
    bodyOf({ offset, bytes }) {
      const body = Buffer.allocUnsafe(bytes);
      readSync(file, body, 0, bytes, offset);
      return body;
    },
    close: () => closeSync(file),
  };
}
