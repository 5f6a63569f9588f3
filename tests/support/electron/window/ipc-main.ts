import { EventEmitter } from 'node:events';
import type { WebContents } from './web-contents.ts';

/** A frame as a handler sees it. */
export interface Frame {
  url: string;
  parent: Frame | null;
}
export interface InvokeEvent {
  sender: WebContents;
  senderFrame: Frame | null;
}
type Handler = (event: InvokeEvent, ...values: unknown[]) => unknown;

class IpcMain extends EventEmitter {
  private readonly handlers = new Map<string, Handler>();

  handle(channel: string, handler: Handler): void {
    if (this.handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    this.handlers.set(channel, handler);
  }

  handleOnce(channel: string, handler: Handler): void {
    this.handle(channel, (event, ...values) => {
      this.removeHandler(channel);
      return handler(event, ...values);
    });
  }

  removeHandler(channel: string): void {
    this.handlers.delete(channel);
  }

  /** Runs a handler as a page's `invoke` does; values and answer pass through JSON. */
  async invoke(channel: string, event: InvokeEvent, values: unknown[]): Promise<unknown> {
    const handler = this.handlers.get(channel);
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
    return handler(event, ...values);
  }
}

export const ipcMain = new IpcMain();
