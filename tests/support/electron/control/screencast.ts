import type { Page } from '../window/page.ts';

type Watcher = (jpegBase64: string) => void;

interface Screencast {
  watchers: Set<Watcher>;
  stop(): void;
}
const running = new Map<Page, Screencast>();

/** How many windows are being filmed: none while nobody watches. */
export function screencastsRunning(): number {
  return running.size;
}

/** Sends a page's pictures to a watcher until it stops; filming begins with the first and ends with the last. */
export function watchScreen(page: Page, watcher: Watcher): () => void {
  const screencast = running.get(page) ?? start(page);
  screencast.watchers.add(watcher);
  void page.cdp
    .send('Page.captureScreenshot', { format: 'jpeg', quality: 80 })
    .then(({ data }) => {
      if (screencast.watchers.has(watcher)) watcher(data);
    })
    .catch(() => undefined);
  return () => {
    screencast.watchers.delete(watcher);
    if (screencast.watchers.size > 0) return;
    running.delete(page);
    screencast.stop();
  };
}

function start(page: Page): Screencast {
  const watchers = new Set<Watcher>();
  const ignore = page.cdp.on('Page.screencastFrame', ({ data, sessionId }) => {
    for (const watcher of watchers) watcher(data);
    page.cdp.tell('Page.screencastFrameAck', { sessionId });
  });
  page.cdp.tell('Page.startScreencast', { format: 'jpeg', quality: 80 });
  const screencast = {
    watchers,
    stop() {
      ignore();
      page.cdp.tell('Page.stopScreencast');
    },
  };
  running.set(page, screencast);
  return screencast;
}
