import { EventEmitter } from 'node:events';
import type { Menu } from './menu.ts';
import type { NativeImage } from './native-image.ts';

/** The tray icons that exist, and news about them. */
class Trays extends EventEmitter<{ changed: [] }> {
  readonly all = new Set<Tray>();
}
export const trays = new Trays();

/** A tray icon: kept, shown by the viewer and driven through the control address. */
export class Tray extends EventEmitter {
  image: NativeImage;
  toolTip = '';
  menu: Menu | null = null;

  constructor(image: NativeImage) {
    super();
    this.image = image;
    trays.all.add(this);
    trays.emit('changed');
  }
  setImage(image: NativeImage): void {
    this.image = image;
    trays.emit('changed');
  }
  setToolTip(words: string): void {
    this.toolTip = words;
    trays.emit('changed');
  }
  setContextMenu(menu: Menu | null): void {
    this.menu = menu;
    trays.emit('changed');
  }
  setTitle(): void {}
  popUpContextMenu(): void {}
  destroy(): void {
    trays.all.delete(this);
    trays.emit('changed');
  }
  isDestroyed(): boolean {
    return !trays.all.has(this);
  }
}
