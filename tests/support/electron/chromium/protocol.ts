/** Types of the Chrome DevTools Protocol (https://chromedevtools.github.io/devtools-protocol/), as Playwright ships them. */
export type { Protocol } from '../../../../node_modules/playwright-core/types/protocol.d.ts';
