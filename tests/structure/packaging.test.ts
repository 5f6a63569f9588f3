import path from 'node:path';
import { getConfig, validateConfiguration } from 'app-builder-lib/out/util/config/config.js';
import { DebugLogger } from 'builder-util';

import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const configuration = () => getConfig(root, null, null);

test("electron-builder.yml fits electron-builder's own schema", async () => {
  await expect(validateConfiguration(await configuration(), new DebugLogger(false))).resolves.toBeUndefined();
});

test('the schema check refuses a setting that electron-builder does not know', async () => {
  await expect(
    validateConfiguration(Object.assign(await configuration(), { appIdd: 'x' }), new DebugLogger(false)),
  ).rejects.toThrow(/appIdd/);
});
