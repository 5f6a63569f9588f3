import { connectWorlds } from './connect-worlds.ts';
import { pageSide } from './page-side.ts';
import { preloadSide } from './preload-side.ts';

/** Only the page itself gets a preload script, not the frames inside it. */
const onlyTopFrame = (body: string): string => `if (window.top === window) { ${body} }`;

/** Script for the page's own world. */
export function pageScript(key: string): string {
  return onlyTopFrame(`(${pageSide})((${connectWorlds})(${JSON.stringify(key)}, 'page', 'preload'));`);
}

/** Script for the isolated world: the preload source as one CommonJS function. */
export function preloadScript(key: string, preloadSource: string): string {
  return onlyTopFrame(
    `(${preloadSide})((${connectWorlds})(${JSON.stringify(key)}, 'preload', 'page'), ${JSON.stringify(key)}, ` +
      `function (require, module, exports) { ${preloadSource}\n});`,
  );
}
