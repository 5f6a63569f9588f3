import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CdpSession } from '../chromium/connection.ts';
import type { Protocol } from '../chromium/protocol.ts';
import type { StandInSession } from '../api/session.ts';

type Paused = Protocol.Events['Fetch.requestPaused'];

const contentTypes: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.svg': 'image/svg+xml' };

export interface RequestRules {
  session: StandInSession;
  mainFrameId(): string;
  /** True while main itself loads an address. */
  isOwnLoad(): boolean;
  /** A page wants to go somewhere; true when a listener prevented it. */
  navigationPrevented(url: string, isMainFrame: boolean): boolean;
}

/** Puts every request of a page to the session's `webRequest` listeners and to `will-navigate`. */
export function watchRequests(cdp: CdpSession, rules: RequestRules): void {
  cdp.tell('Fetch.enable', { patterns: [{ urlPattern: '*', requestStage: 'Request' }] });
  cdp.on('Fetch.requestPaused', (paused) => {
    decide(cdp, rules, paused).catch(() =>
      cdp.tell('Fetch.failRequest', { requestId: paused.requestId, errorReason: 'Failed' }),
    );
  });
}

async function decide(cdp: CdpSession, rules: RequestRules, paused: Paused): Promise<void> {
  const { requestId, request } = paused;
  if (paused.responseStatusCode !== undefined) return answerOfServer(cdp, rules, paused);
  const isMainFrame = paused.resourceType === 'Document' && paused.frameId === rules.mainFrameId();
  const resourceType = isMainFrame
    ? 'mainFrame'
    : paused.resourceType === 'Document'
      ? 'subFrame'
      : paused.resourceType;
  if (paused.resourceType === 'Document' && !(isMainFrame && rules.isOwnLoad())) {
    if (rules.navigationPrevented(request.url, isMainFrame)) {
      await cdp.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' });
      return;
    }
  }
  const before = await rules.session.webRequest.beforeRequest({
    url: request.url,
    method: request.method,
    resourceType,
  });
  if (before.cancel === true) {
    await cdp.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
  } else if (request.url.startsWith('file:') && paused.resourceType === 'Document') {
    await answerFromFile(cdp, rules, paused, resourceType);
  } else if (/^https?:/.test(request.url) && rules.session.webRequest.looksAtHeaders) {
    await cdp.send('Fetch.continueRequest', { requestId, interceptResponse: true });
  } else {
    await cdp.send('Fetch.continueRequest', { requestId });
  }
}

/** Documents from files get the headers main adds, such as a content security policy: Electron does the same. */
async function answerFromFile(
  cdp: CdpSession,
  rules: RequestRules,
  paused: Paused,
  resourceType: string,
): Promise<void> {
  const { requestId, request } = paused;
  const path = fileURLToPath(request.url.replace(/[?#].*$/, ''));
  const body = await readFile(path);
  const headers = { 'content-type': [contentTypes[extname(path)] ?? 'text/plain; charset=utf-8'] };
  const changed = await rules.session.webRequest.headersReceived({
    url: request.url,
    resourceType,
    responseHeaders: headers,
  });
  await cdp.send('Fetch.fulfillRequest', {
    requestId,
    responseCode: 200,
    responseHeaders: headerList(changed.responseHeaders ?? headers),
    body: body.toString('base64'),
  });
}

async function answerOfServer(cdp: CdpSession, rules: RequestRules, paused: Paused): Promise<void> {
  const headers: Record<string, string[]> = {};
  for (const { name, value } of paused.responseHeaders ?? []) (headers[name] ??= []).push(value);
  const changed = await rules.session.webRequest.headersReceived({
    url: paused.request.url,
    resourceType: paused.resourceType,
    responseHeaders: headers,
  });
  await cdp.send('Fetch.continueResponse', {
    requestId: paused.requestId,
    responseCode: paused.responseStatusCode ?? 200,
    responseHeaders: headerList(changed.responseHeaders ?? headers),
  });
}

function headerList(headers: Record<string, string | string[]>): { name: string; value: string }[] {
  return Object.entries(headers).flatMap(([name, values]) => [values].flat().map((value) => ({ name, value })));
}
