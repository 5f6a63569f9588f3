import { expect, test } from 'vitest';
import { measureFleet } from '../../bench/fleet.ts';
import { buildWhatIsStale } from '../../tools/build.ts';

test('fifty machines sign in and rush back: all of it is held once', { timeout: 60_000 }, async () => {
  await buildWhatIsStale(() => undefined);
  const figures = await measureFleet(
    { machines: 50, withinSeconds: 1, rushSeconds: 1, skipStorm: true },
    () => undefined,
  );
  expect(figures['lost']?.value).toBe(0);
  expect(figures['doubled']?.value).toBe(0);
  expect(figures['ackP99Ms']?.value).toBeGreaterThan(0);
});
