import { EventEmitter } from 'node:events';
import type { Protocol } from '../chromium/protocol.ts';
import type { StandInSession } from '../api/session.ts';
import { defaultSession } from '../api/session.ts';
import { nativeImage } from '../api/native-image.ts';
import { cancellable } from './cancellable.ts';
import type { Frame } from './ipc-main.ts';
import type { Page } from './page.ts';

interface PdfOptions {
  landscape?: boolean;
  printBackground?: boolean;
  pageSize?: string | { width: number; height: number };
  margins?: { top?: number; bottom?: number; left?: number; right?: number };
  generateTaggedPDF?: boolean;
}
type OpenHandler = (details: { url: string }) => { action: 'allow' | 'deny' };

/** Paper in inches (ISO 216, ANSI). */
const paper: Record<string, [number, number]> = {
  A4: [8.27, 11.69],
  A3: [11.69, 16.54],
  A5: [5.83, 8.27],
  Letter: [8.5, 11],
};
let lastId = 0;

/** What is inside a window. Calls made before the page exists wait for it. */
export class WebContents extends EventEmitter {
  readonly id = (lastId += 1);
  readonly session: StandInSession = defaultSession;
  readonly mainFrame: Frame = { url: '', parent: null };
  private readonly page: Promise<Page>;
  private destroyed = false;
  private ownLoads = 0;
  windowOpenHandler: OpenHandler | null = null;

  constructor(page: Promise<Page>) {
    super();
    this.page = page;
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  markDestroyed(): void {
    this.destroyed = true;
    this.emit('destroyed');
  }

  get isLoadingByMain(): boolean {
    return this.ownLoads > 0;
  }

  getURL(): string {
    return this.mainFrame.url;
  }

  /** Navigates as main, so without `will-navigate`. */
  async load(url: string): Promise<void> {
    const page = await this.page;
    this.ownLoads += 1;
    try {
      await page.load(url);
      this.emit('did-finish-load');
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.emit('did-fail-load', {}, -2, why, url, true);
      throw error;
    } finally {
      this.ownLoads -= 1;
    }
  }

  reload(): void {
    void this.load(this.getURL()).catch(() => undefined);
  }

  send(channel: string, ...values: unknown[]): void {
    void this.page.then((page) => page.send({ kind: 'message', channel, values }));
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.windowOpenHandler = handler;
  }

  /** True when a listener prevented it. */
  navigationPrevented(url: string, isMainFrame: boolean): boolean {
    const event = cancellable({ url, isMainFrame, isSameDocument: false });
    if (isMainFrame) this.emit('will-navigate', event, url);
    this.emit('will-frame-navigate', event);
    return event.defaultPrevented;
  }

  async executeJavaScript(code: string): Promise<unknown> {
    const page = await this.page;
    const answer = await page.cdp.send('Runtime.evaluate', {
      expression: code,
      awaitPromise: true,
      returnByValue: true,
    });
    if (answer.exceptionDetails !== undefined) throw new Error(answer.exceptionDetails.text);
    return answer.result.value;
  }

  async capturePage(): Promise<ReturnType<typeof nativeImage.createFromBuffer>> {
    const page = await this.page;
    const { data } = await page.cdp.send('Page.captureScreenshot', { format: 'png' });
    return nativeImage.createFromBuffer(Buffer.from(data, 'base64'));
  }

  async printToPDF(options: PdfOptions = {}): Promise<Buffer> {
    const page = await this.page;
    const size = options.pageSize ?? 'Letter';
    const [paperWidth, paperHeight] = typeof size === 'string' ? (paper[size] ?? [8.5, 11]) : [size.width, size.height];
    const margins = options.margins ?? {};
    const request: Protocol.CommandParameters['Page.printToPDF'] = {
      landscape: options.landscape ?? false,
      printBackground: options.printBackground ?? false,
      generateTaggedPDF: options.generateTaggedPDF ?? false,
      paperWidth,
      paperHeight,
      marginTop: margins.top ?? 0.4,
      marginBottom: margins.bottom ?? 0.4,
      marginLeft: margins.left ?? 0.4,
      marginRight: margins.right ?? 0.4,
    };
    const { data } = await page.cdp.send('Page.printToPDF', request);
    return Buffer.from(data, 'base64');
  }

  setZoomFactor(): void {}
  openDevTools(): void {}
  setAudioMuted(): void {}
}
