import { readFile } from 'node:fs/promises';

/** Variables that lead to a session's display and bus; nothing else of a person's environment is read. */
const wanted = [
  'DISPLAY',
  'XAUTHORITY',
  'WAYLAND_DISPLAY',
  'XDG_RUNTIME_DIR',
  'XDG_SESSION_ID',
  'XDG_SESSION_TYPE',
  'XDG_CURRENT_DESKTOP',
  'DBUS_SESSION_BUS_ADDRESS',
  'HOME',
  'LANG',
  'USHER_STATE',
  'USHER_SOCKET',
];

/** What of a process's environment leads to its session (proc(5), `/proc/PID/environ`). Empty when it may not be read. */
export async function sessionEnvironment(processId: number): Promise<Record<string, string>> {
  const text = await readFile(`/proc/${processId}/environ`, 'utf8').catch(() => '');
  return environmentFrom(text);
}

/** Picks the wanted variables out of zero-separated `NAME=value` pairs. */
export function environmentFrom(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const pair of text.split('\0')) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, at);
    if (at > 0 && wanted.includes(name)) found[name] = pair.slice(at + 1);
  }
  return found;
}
