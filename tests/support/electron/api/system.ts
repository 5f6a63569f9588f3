import { EventEmitter } from 'node:events';

/** Addresses the shell asked the system to open. */
export const openedExternally: string[] = [];
export const shell = {
  async openExternal(url: string): Promise<void> {
    openedExternally.push(url);
  },
  showItemInFolder(): void {},
};

export interface NotificationOptions {
  title?: string;
  body?: string;
}
export const shownNotifications: NotificationOptions[] = [];

export class Notification extends EventEmitter {
  private readonly options: NotificationOptions;
  constructor(options: NotificationOptions = {}) {
    super();
    this.options = options;
  }
  static isSupported(): boolean {
    return true;
  }
  show(): void {
    shownNotifications.push(this.options);
    this.emit('show');
  }
  close(): void {
    this.emit('close');
  }
}

const shortcuts = new Map<string, () => void>();
export const globalShortcut = {
  register(accelerator: string, run: () => void): boolean {
    shortcuts.set(accelerator, run);
    return true;
  },
  unregister: (accelerator: string): boolean => shortcuts.delete(accelerator),
  unregisterAll: (): void => shortcuts.clear(),
  isRegistered: (accelerator: string): boolean => shortcuts.has(accelerator),
};
