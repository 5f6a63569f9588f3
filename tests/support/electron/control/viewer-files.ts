import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';

const files: Record<string, { file: string; type: string }> = {
  '': { file: 'index.html', type: 'text/html; charset=utf-8' },
  'viewer.js': { file: 'viewer.js', type: 'text/javascript; charset=utf-8' },
  'viewer.css': { file: 'viewer.css', type: 'text/css; charset=utf-8' },
};
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data: blob:; connect-src 'self'";

/** The viewer's page, script and style. */
export async function answerViewerFile(name: string, response: ServerResponse): Promise<void> {
  const known = files[name];
  if (known === undefined) {
    response.writeHead(404).end();
    return;
  }
  const body = await readFile(new URL(`../viewer/${known.file}`, import.meta.url));
  response.writeHead(200, {
    'content-type': known.type,
    'cache-control': 'no-store',
    'content-security-policy': policy,
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
  });
  response.end(body);
}
