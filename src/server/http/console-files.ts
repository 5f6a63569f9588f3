import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RequestRefused, sendProblem } from './problems.ts';

const notBuilt = `<!doctype html><html lang="en-GB"><title>Usher</title>
<p>The console has not been built yet. Run <code>npm run build</code>, then start the server again.</p></html>`;

/** Where the build put the start page. */
function startPageIn(folder: string): string | null {
  return ['index.html', join('console', 'index.html')].map((name) => join(folder, name)).find(existsSync) ?? null;
}

const isApi = (path: string): boolean => /^\/(v1|api|docs)(\/|$)/.test(path);

/**
 * Serves the console's build, and its start page for every other address that is not the API's,
 * because the console finds its own way from there.
 */
export async function serveConsole(app: FastifyInstance, folder: string): Promise<void> {
  const startPage = startPageIn(folder);
  const html = startPage === null ? notBuilt : await readFile(startPage, 'utf8');
  if (startPage !== null) {
    await app.register(fastifyStatic, {
      root: join(folder, 'assets'),
      prefix: '/assets/',
      immutable: true,
      maxAge: '365d',
      index: false,
    });
  }
  app.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) => {
    const path = request.url.split('?', 1)[0] ?? '/';
    const wantsPage = request.method === 'GET' || request.method === 'HEAD';
    if (!wantsPage || isApi(path) || path.startsWith('/assets/')) {
      return sendProblem(
        reply,
        new RequestRefused(404, { code: 'request.notFound', detail: 'There is nothing at this address.' }),
      );
    }
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(html);
  });
}
