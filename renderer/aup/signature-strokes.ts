import type { DrawnSignature } from '../../src/contract/acceptance.ts';

interface Point {
  x: number;
  y: number;
}

const mostStrokes = 200;
const mostPointsInAll = 5_000;
const mostPointsInStroke = 2_000;

/**
 * Turns what was drawn into the contract's strokes: whole pixels inside the box, thinned evenly when the pen
 * left more points than a signature may have. Null when nothing was drawn.
 * @param width of the box in CSS pixels
 * @param height of the box in CSS pixels
 */
export function strokesOf(drawn: readonly (readonly Point[])[], width: number, height: number): DrawnSignature | null {
  const strokes = drawn.filter((stroke) => stroke.length > 0).slice(0, mostStrokes);
  if (strokes.length === 0) return null;
  const points = strokes.reduce((sum, stroke) => sum + stroke.length, 0);
  // Every stroke keeps at least its first and last point, so leave room for those.
  const step = Math.max(1, Math.ceil(points / (mostPointsInAll - 2 * strokes.length)));
  const box = { width: within(width, 1, 4_096), height: within(height, 1, 4_096) };
  return {
    kind: 'drawn',
    ...box,
    strokes: strokes.map((stroke) =>
      thinned(stroke, Math.max(step, Math.ceil(stroke.length / (mostPointsInStroke - 1)))).map(
        ({ x, y }): [number, number] => [within(x, 0, box.width), within(y, 0, box.height)],
      ),
    ),
  };
}

const thinned = (stroke: readonly Point[], step: number): Point[] =>
  stroke.filter((_, index) => index % step === 0 || index === stroke.length - 1);

const within = (value: number, least: number, most: number): number =>
  Math.min(most, Math.max(least, Math.round(value)));
