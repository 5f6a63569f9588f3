import { EventEmitter } from 'node:events';
import { environment } from '../environment.ts';

export interface StandInDisplay {
  id: number;
  label: string;
  bounds: { x: number; y: number; width: number; height: number };
  workArea: { x: number; y: number; width: number; height: number };
  size: { width: number; height: number };
  scaleFactor: number;
  rotation: number;
  internal: boolean;
}

/** Simulated displays beside each other, which tests plug in and out. The first is the primary one. */
class StandInScreen extends EventEmitter {
  private displays: StandInDisplay[] = [];
  private lastId = 0;

  constructor(sizes: readonly string[]) {
    super();
    for (const size of sizes) this.displays.push(this.newDisplay(size));
  }

  getAllDisplays(): StandInDisplay[] {
    return [...this.displays];
  }
  getPrimaryDisplay(): StandInDisplay {
    const [primary] = this.displays;
    if (primary === undefined) throw new Error('There is no display.');
    return primary;
  }
  getDisplayMatching(): StandInDisplay {
    return this.getPrimaryDisplay();
  }
  getCursorScreenPoint(): { x: number; y: number } {
    return { x: 0, y: 0 };
  }

  /** @param size such as `1920x1080`. */
  plugIn(size: string): StandInDisplay {
    const display = this.newDisplay(size);
    this.displays.push(display);
    this.emit('display-added', {}, display);
    return display;
  }
  /** The last display stays. */
  unplug(id: number): boolean {
    const display = this.displays.find((one) => one.id === id);
    if (display === undefined || this.displays.length === 1) return false;
    this.displays = this.displays.filter((one) => one !== display);
    this.emit('display-removed', {}, display);
    return true;
  }
  resize(id: number, size: string): boolean {
    const display = this.displays.find((one) => one.id === id);
    if (display === undefined) return false;
    const { width, height } = sizeOf(size);
    Object.assign(display.bounds, { width, height });
    Object.assign(display.workArea, { width, height });
    display.size = { width, height };
    this.emit('display-metrics-changed', {}, display, ['bounds', 'workArea']);
    return true;
  }

  private newDisplay(size: string): StandInDisplay {
    this.lastId += 1;
    const { width, height } = sizeOf(size);
    const x = Math.max(0, ...this.displays.map(({ bounds }) => bounds.x + bounds.width));
    const place = { x, y: 0, width, height };
    return {
      id: this.lastId,
      label: `Display ${this.lastId}`,
      bounds: { ...place },
      workArea: { ...place },
      size: { width, height },
      scaleFactor: 1,
      rotation: 0,
      internal: false,
    };
  }
}

function sizeOf(size: string): { width: number; height: number } {
  const [width = 1280, height = 800] = size.split('x').map(Number);
  return { width, height };
}

export const screen = new StandInScreen(environment.STANDIN_DISPLAYS);
