import { createHash } from 'node:crypto';
import { Zip, ZipDeflate } from 'fflate';
import type { PackIndex } from '../contract/pack.ts';
import type { SigningKey } from './keys.ts';
import { packFiles, packJson, signPackIndex } from './pack.ts';

/** Zip keeps local times without a zone; one fixed date makes the same content the same bytes everywhere. */
const fixedDate = (): Date => new Date(1980, 0, 1);

/** Builds a pack's archive file by file, in pieces that can be sent while it is made. */
export class PackArchive {
  readonly #key: SigningKey;
  readonly #files: PackIndex['files'] = [];
  #ready: Uint8Array[] = [];
  readonly #zip = new Zip((error, piece) => {
    if (error !== null) throw error;
    this.#ready.push(piece);
  });

  constructor(key: SigningKey) {
    this.#key = key;
  }

  /** Adds a file from its parts; gives out the archive as far as it is done. */
  async *file(name: string, parts: Iterable<string> | AsyncIterable<string>): AsyncGenerator<Uint8Array> {
    const entry = this.#entry(name);
    const digest = createHash('sha256');
    let bytes = 0;
    for await (const part of parts) {
      const piece = Buffer.from(part, 'utf8');
      digest.update(piece);
      bytes += piece.length;
      entry.push(piece);
      yield* this.#taken();
    }
    entry.push(new Uint8Array(0), true);
    this.#files.push({ name, bytes, sha256: digest.digest('hex') });
    yield* this.#taken();
  }

  /** Writes the signed index and ends the archive. */
  *end(counts: { machines: number; records: number }): Generator<Uint8Array> {
    const index = signPackIndex(this.#key, { format: 'usher/pack/1', files: this.#files, ...counts });
    this.#entry(packFiles.index).push(Buffer.from(packJson(index), 'utf8'), true);
    this.#zip.end();
    yield* this.#taken();
  }

  #entry(name: string): ZipDeflate {
    const entry = new ZipDeflate(name, { level: 6 });
    entry.mtime = fixedDate();
    this.#zip.add(entry);
    return entry;
  }

  #taken(): Uint8Array[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }
}
