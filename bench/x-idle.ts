import koffi from 'koffi';

/** https://www.x.org/releases/current/doc/libXScrnSaver/ — XScreenSaverInfo. */
const infoType = koffi.struct('XScreenSaverInfo', {
  window: 'ulong',
  state: 'int',
  kind: 'int',
  tilOrSince: 'ulong',
  idle: 'ulong',
  eventMask: 'ulong',
});

/**
 * The X server's own word for how long ago the last input was, asked without starting a program.
 * @returns a function that gives milliseconds, and one that lets go of the display.
 * @throws Error when the libraries or the display are not there.
 */
export function xIdle(display: string): { idleMs(): number; close(): void } {
  const x11 = koffi.load('libX11.so.6');
  const saver = koffi.load('libXss.so.1');
  const open = x11.func('void *XOpenDisplay(str name)');
  const rootOf = x11.func('ulong XDefaultRootWindow(void *display)');
  const closeDisplay = x11.func('int XCloseDisplay(void *display)');
  const query = saver.func('XScreenSaverQueryInfo', 'int', ['void *', 'ulong', koffi.out(koffi.pointer(infoType))]);
  const connection: unknown = open(display);
  if (connection === null) throw new Error(`The display ${display} cannot be opened`);
  const root: unknown = rootOf(connection);
  return {
    idleMs() {
      const info: { idle?: number | bigint } = {};
      query(connection, root, info);
      return Number(info.idle ?? 0);
    },
    close: () => void closeDisplay(connection),
  };
}
