import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';
import type { PageName } from '../src/contract/shell.ts';

/** Folder of each page under `dist/pages`. */
export const pageFolders: Readonly<Record<PageName, string>> = {
  gate: 'aup',
  cover: 'cover',
  policy: 'policy',
  receipts: 'my-record',
  about: 'about',
  idleWarning: 'idle-warning',
  lockCover: 'lock-cover',
  presenting: 'presenting',
  standing: 'standing',
  notice: 'notice',
};

/** Where the built parts of the shell lie, seen from its bundle in `dist/main/`. */
export interface ShellFiles {
  preload: string;
  /** `file:` address of the pages' folder, ending in a slash. */
  pagesUrl: string;
  /** Path of a page's `index.html`. */
  page(name: PageName): string;
}

/** Finds the preload script and the pages from the bundle's own address (`import.meta.url`). */
export function shellFilesBeside(bundleUrl: string): ShellFiles {
  const pagesUrl = new URL('../pages/', bundleUrl).href;
  const pagesFolder = fileURLToPath(pagesUrl);
  return {
    preload: fileURLToPath(new URL('preload.cjs', bundleUrl)),
    pagesUrl: pathToFileURL(join(pagesFolder, '/')).href,
    page: (name) => join(pagesFolder, pageFolders[name], 'index.html'),
  };
}

/**
 * Is this address one of our own pages (or a file they load)? Anything that is not a plain `file:` address under the
 * pages' folder is not, whatever it looks like: the address is parsed, so `..` and `%2e` are resolved first.
 */
export function isOwnPage(address: string, pagesUrl: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.protocol !== 'file:' || url.host !== '') return false;
  if (/%2f|%5c/i.test(url.pathname)) return false;
  return url.pathname.startsWith(new URL(pagesUrl).pathname);
}
