import { EventEmitter } from 'node:events';
import type { BrowserWindow } from './browser-window.ts';

/** The windows that exist, lowest first, and news about them (`changed`). */
class OpenWindows extends EventEmitter<{ changed: []; allClosed: [] }> {
  private stack: BrowserWindow[] = [];
  private focusedWindow: BrowserWindow | null = null;

  get all(): readonly BrowserWindow[] {
    return this.stack;
  }

  get focused(): BrowserWindow | null {
    return this.focusedWindow;
  }

  add(window: BrowserWindow): void {
    this.stack.push(window);
    this.changed();
  }

  remove(window: BrowserWindow): void {
    this.stack = this.stack.filter((one) => one !== window);
    if (this.focusedWindow === window) this.focusedWindow = null;
    this.changed();
    if (this.stack.length === 0) this.emit('allClosed');
  }

  raise(window: BrowserWindow): void {
    this.stack = [...this.stack.filter((one) => one !== window), window];
    this.changed();
  }

  focus(window: BrowserWindow | null): void {
    if (this.focusedWindow === window) return;
    const before = this.focusedWindow;
    this.focusedWindow = window;
    before?.focusChanged(false);
    window?.focusChanged(true);
    this.changed();
  }

  changed(): void {
    this.emit('changed');
  }
}

export const openWindows = new OpenWindows();
