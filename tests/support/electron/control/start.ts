import { app } from '../api/app.ts';
import { chromium } from '../chromium/index.ts';
import { environment } from '../environment.ts';
import { startControlServer } from './server.ts';

/**
 * Opens the viewer's address and tells main about it the way a launcher does, with switches. Where tests may drive the
 * stand-in, prints one line `standin-ready {…}` with the control and DevTools addresses.
 */
export async function startViewer(): Promise<void> {
  const [browser, server] = await Promise.all([chromium, startControlServer()]);
  app.commandLine.appendSwitch('shown-as', browser.program.describedAs);
  if (!browser.program.hasWindows) app.commandLine.appendSwitch('viewer', server.viewer);
  if (environment.STANDIN_CONTROL !== '1') return;
  const ready = {
    control: server.control,
    viewer: server.viewer,
    devTools: await browser.devToolsAddress(),
    chromiumProcessId: browser.processId,
  };
  console.log(`standin-ready ${JSON.stringify(ready)}`);
}
