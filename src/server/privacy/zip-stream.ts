import { Zip, ZipDeflate } from 'fflate';

/** One file of an archive, its text as it is made. */
export interface ZippedFile {
  name: string;
  text: AsyncIterable<string>;
}

/**
 * A .zip, made piece by piece: never more than one piece of one file is in memory.
 * @param at the time every file carries.
 * @throws what a file's text throws, in the middle of the archive.
 */
export async function* zipStream(files: Iterable<ZippedFile>, at: Date): AsyncGenerator<Uint8Array> {
  let made: Uint8Array[] = [];
  const zip = new Zip((error, piece) => {
    if (error !== null) throw error;
    made.push(piece);
  });
  const taken = () => {
    const pieces = made;
    made = [];
    return pieces;
  };
  const encoder = new TextEncoder();
  for (const { name, text } of files) {
    const file = new ZipDeflate(name, { level: 6 });
    file.mtime = at;
    zip.add(file);
    for await (const piece of text) {
      file.push(encoder.encode(piece));
      yield* taken();
    }
    file.push(new Uint8Array(), true);
    yield* taken();
  }
  zip.end();
  yield* taken();
}
