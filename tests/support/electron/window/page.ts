import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { chromium } from '../chromium/index.ts';
import type { CdpSession } from '../chromium/connection.ts';
import { pageScript, preloadScript } from '../page-world/injected.ts';
import type { FromPage, ToPage } from '../page-world/preload-side.ts';
import { openTarget, type Bounds } from './target.ts';

const isolatedWorld = 'Electron Isolated Context';

export interface PageOptions {
  bounds: Bounds;
  preload: string | undefined;
  onMessage(message: FromPage, isMainFrame: boolean): void;
}

/** One Chromium page: its DevTools session, its preload script and what passes between them. */
export class Page {
  readonly targetId: string;
  readonly cdp: CdpSession;
  readonly mainFrameId: string;
  private readonly key: string;
  private isolatedContextId: number | null = null;

  private constructor(targetId: string, cdp: CdpSession, key: string) {
    this.targetId = targetId;
    this.cdp = cdp;
    // Chromium names a page's main frame after its target.
    this.mainFrameId = targetId;
    this.key = key;
  }

  static async open(options: PageOptions): Promise<Page> {
    const browser = await chromium;
    const { targetId, cdp } = await openTarget(browser, options.bounds);
    const page = new Page(targetId, cdp, `standin${randomUUID().replaceAll('-', '')}`);
    await page.prepare(options);
    return page;
  }

  /** Resolves once the page and what it loads at first are there. */
  async load(url: string): Promise<void> {
    const loaded = this.cdp.once('Page.loadEventFired');
    const { errorText } = await this.cdp.send('Page.navigate', { url });
    if (errorText !== undefined) throw new Error(`${errorText} loading ${url}`);
    await loaded;
  }

  send(message: ToPage): void {
    if (this.isolatedContextId === null) return;
    this.cdp.tell('Runtime.evaluate', {
      contextId: this.isolatedContextId,
      expression: `globalThis[${JSON.stringify(`${this.key}Receive`)}](${JSON.stringify(message)})`,
    });
  }

  private async prepare(options: PageOptions): Promise<void> {
    const { cdp, key } = this;
    cdp.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name === isolatedWorld && context.auxData?.['frameId'] === this.mainFrameId)
        this.isolatedContextId = context.id;
    });
    cdp.on('Runtime.executionContextsCleared', () => (this.isolatedContextId = null));
    cdp.on('Runtime.bindingCalled', ({ executionContextId, payload }) => {
      const message: FromPage = JSON.parse(payload);
      options.onMessage(message, executionContextId === this.isolatedContextId);
    });
    const source = options.preload === undefined ? '' : readFileSync(options.preload, 'utf8');
    await Promise.all([
      cdp.send('Page.enable'),
      cdp.send('Runtime.enable'),
      cdp.send('Inspector.enable'),
      cdp.send('Runtime.addBinding', { name: `${key}Post`, executionContextName: isolatedWorld }),
      cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: pageScript(key) }),
      cdp.send('Page.addScriptToEvaluateOnNewDocument', {
        worldName: isolatedWorld,
        source: preloadScript(key, source),
      }),
    ]);
  }
}
