import { pageFolders } from '../../../../main/page-files.ts';
import { pageName, type PageName } from '../../../../src/contract/shell.ts';

/** Which of the shell's pages is at this address; null when it is none. */
export function pageOfAddress(address: string): PageName | null {
  const folder = /\/pages\/([^/]+)\/index\.html/.exec(address)?.[1];
  return pageName.options.find((name) => pageFolders[name] === folder) ?? null;
}
