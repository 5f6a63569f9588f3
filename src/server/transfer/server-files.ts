import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { secretFile } from '../keys/secret-file.ts';

/** What is in the server's folder but is not a key or a secret: the database and what only a running server needs. */
const notKept = /^(usher\.db.*|running\.lock.*|origin|moved|.*\.partial)$/;
const mostBytes = 1024 * 1024;

/** The keys and secrets in a server's folder, by their names. */
export function serverFiles(folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    const { size } = statSync(path);
    if (notKept.test(name) || !statSync(path).isFile() || size > mostBytes) continue;
    files[name] = readFileSync(path).toString('base64');
  }
  if (files['server-key.pem'] === undefined) {
    throw new Error(
      `There is no server-key.pem in ${folder}, and a backup without it would be of no use. Run this where the server keeps its keys.`,
    );
  }
  return files;
}

const textOf = (content: string): string => Buffer.from(content, 'base64').toString('utf8');

/** @throws Error naming the first file that is in a folder with another content. */
export function refuseOtherFiles(folder: string, files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    if (!existsSync(path) || readFileSync(path, 'utf8').trim() === textOf(content).trim()) continue;
    throw new Error(
      `${path} is not the one in the backup, so this folder belongs to another server. Nothing was changed; restore into an empty folder.`,
    );
  }
}

/** Puts the keys and secrets in place, readable by their owner only. */
export function placeFiles(folder: string, files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) secretFile(join(folder, name), () => textOf(content));
}
