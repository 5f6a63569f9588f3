import { encodePng } from './png.ts';

/** `calm`: all is well. `attention`: something waits, such as the service not answering. */
export type IconMood = 'calm' | 'attention';

/** `colour` for Windows and Linux; `template` for macOS, which tints black with alpha by itself. */
export type IconStyle = 'colour' | 'template';

type Colour = readonly [red: number, green: number, blue: number];
const teal: Colour = [15, 92, 99];
const paper: Colour = [255, 255, 255];
const amber: Colour = [245, 166, 35];
const black: Colour = [0, 0, 0];

/** Points sampled along each side of a pixel, for smooth edges. */
const samples = 4;

/**
 * Draws the tray icon: a sheet with a tick on a teal tile, at any size, as PNG.
 * @param size width and height in pixels.
 */
export function drawIcon(size: number, mood: IconMood, style: IconStyle): Buffer {
  const rgba = new Uint8Array(size * size * 4);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) rgba.set(pixel(x, y, size, mood, style), (y * size + x) * 4);
  }
  return encodePng(size, size, rgba);
}

function pixel(x: number, y: number, size: number, mood: IconMood, style: IconStyle): number[] {
  const sum = [0, 0, 0];
  let covered = 0;
  for (let step = 0; step < samples * samples; step += 1) {
    const u = (x + ((step % samples) + 0.5) / samples) / size;
    const v = (y + (Math.floor(step / samples) + 0.5) / samples) / size;
    const colour = style === 'template' ? templateAt(u, v, mood) : colourAt(u, v, mood);
    if (colour === null) continue;
    covered += 1;
    colour.forEach((part, index) => (sum[index] = (sum[index] ?? 0) + part));
  }
  if (covered === 0) return [0, 0, 0, 0];
  return [...sum.map((part) => Math.round(part / covered)), Math.round((255 * covered) / (samples * samples))];
}

function colourAt(u: number, v: number, mood: IconMood): Colour | null {
  if (mood === 'attention') {
    const away = Math.hypot(u - 0.78, v - 0.78);
    if (away < 0.2) return amber;
    if (away < 0.26) return null;
  }
  if (!insideRounded(u, v, 0.04, 0.96, 0.22)) return null;
  return onTick(u, v) ? paper : teal;
}

function templateAt(u: number, v: number, mood: IconMood): Colour | null {
  if (mood === 'attention') {
    const away = Math.hypot(u - 0.8, v - 0.8);
    if (away < 0.18) return black;
    if (away < 0.25) return null;
  }
  return insideRounded(u, v, 0.06, 0.94, 0.22) && !onTick(u, v) ? black : null;
}

function insideRounded(u: number, v: number, from: number, to: number, radius: number): boolean {
  const across = Math.max(from + radius - u, 0, u - (to - radius));
  const down = Math.max(from + radius - v, 0, v - (to - radius));
  return Math.hypot(across, down) <= radius;
}

function onTick(u: number, v: number): boolean {
  const half = 0.075;
  return nearStroke(u, v, [0.26, 0.52], [0.43, 0.69], half) || nearStroke(u, v, [0.43, 0.69], [0.75, 0.32], half);
}

function nearStroke(u: number, v: number, from: [number, number], to: [number, number], half: number): boolean {
  const [alongU, alongV] = [to[0] - from[0], to[1] - from[1]];
  const part = ((u - from[0]) * alongU + (v - from[1]) * alongV) / (alongU ** 2 + alongV ** 2);
  const nearest = Math.min(1, Math.max(0, part));
  return Math.hypot(u - from[0] - nearest * alongU, v - from[1] - nearest * alongV) <= half;
}
