import type { Session, WebContents } from 'electron';
import { isOwnPage } from './page-files.ts';

/** What a page may load: its own files and nothing else. Inline styles are the component library's. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'none'",
  "frame-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** Denies every permission, every request that is not for our own files, and sets the content security policy. */
export function lockSession(session: Session, pagesUrl: string): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest((request, answer) => {
    const allowed = isOwnPage(request.url, pagesUrl) || /^(data:|devtools:)/.test(request.url);
    answer({ cancel: !allowed });
  });
  session.webRequest.onHeadersReceived((response, answer) => {
    answer({
      responseHeaders: { ...response.responseHeaders, 'Content-Security-Policy': [contentSecurityPolicy] },
    });
  });
}

/** Keeps a page where it is: it goes nowhere, opens nothing and embeds nothing. */
export function lockContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
