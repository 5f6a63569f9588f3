import type { Encoded, WorldLink } from './connect-worlds.ts';

/** Runs in the page's own world: receives what the preload script exposes, and turns `window.close()` into a request. */
export function pageSide(link: WorldLink): void {
  const freeze = (value: unknown): unknown => {
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(freeze);
    return Object.freeze(value);
  };
  link.on('expose', ({ name, value }: { name: string; value: Encoded }) => {
    if (name in window) return;
    Object.defineProperty(window, name, { value: freeze(link.decode(value)), enumerable: true });
  });
  window.close = () => link.send('close-window', {});
  link.send('page-ready', {});
}
