import { registerHooks } from 'node:module';

/**
 * `node --import ./tests/support/electron/register.ts dist/main/main.js` runs an Electron main bundle on plain Node:
 * `electron` resolves to the stand-in beside this file.
 */
registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier !== 'electron' && specifier !== 'electron/main') return nextResolve(specifier, context);
    return { url: new URL('./index.ts', import.meta.url).href, format: 'module-typescript', shortCircuit: true };
  },
});
