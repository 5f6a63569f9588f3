/** What crosses between the two worlds, as plain data. */
export type Encoded =
  | { kind: 'value'; value: unknown }
  | { kind: 'function' | 'promise'; id: number }
  | { kind: 'array'; items: Encoded[] }
  | { kind: 'object'; entries: [string, Encoded][] };

export type Outcome = { ok: true; value: Encoded } | { ok: false; message: string };

export interface WorldLink {
  encode(value: unknown): Encoded;
  decode(encoded: Encoded): unknown;
  send(topic: string, detail: unknown): void;
  on(topic: string, listener: (detail: never) => void): void;
}

/**
 * Runs in the page, once in each world: joins the preload script's isolated world and the page's own as Electron's
 * contextBridge does. Functions and promises cross as proxies, everything else as a copy. DOM events carry it, because
 * they arrive at once and in both worlds. Written without references to anything outside itself: its text is injected.
 */
export function connectWorlds(key: string, here: string, there: string): WorldLink {
  type AnyFunction = (...values: unknown[]) => unknown;
  const functions: AnyFunction[] = [];
  const promised = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let promises = 0;
  let returned: Outcome | null = null;

  const send = (topic: string, detail: unknown): void => {
    document.dispatchEvent(new CustomEvent(`${key}-${there}-${topic}`, { detail }));
  };
  const on = (topic: string, listener: (detail: never) => void): void => {
    document.addEventListener(`${key}-${here}-${topic}`, (event) => {
      if (event instanceof CustomEvent) listener(event.detail as never);
    });
  };
  const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
  const isFunction = (value: unknown): value is AnyFunction => typeof value === 'function';

  const encode = (value: unknown): Encoded => {
    if (isFunction(value)) {
      const known = functions.indexOf(value);
      return { kind: 'function', id: known >= 0 ? known : functions.push(value) - 1 };
    }
    if (value instanceof Promise) {
      promises += 1;
      const id = promises;
      value.then(
        (result: unknown) => send('settled', { id, outcome: { ok: true, value: encode(result) } }),
        (error: unknown) => send('settled', { id, outcome: { ok: false, message: messageOf(error) } }),
      );
      return { kind: 'promise', id };
    }
    if (Array.isArray(value)) return { kind: 'array', items: value.map(encode) };
    if (typeof value === 'object' && value !== null) {
      return { kind: 'object', entries: Object.entries(value).map(([name, one]) => [name, encode(one)]) };
    }
    return { kind: 'value', value };
  };

  const decode = (encoded: Encoded): unknown => {
    switch (encoded.kind) {
      case 'value':
        return encoded.value;
      case 'array':
        return encoded.items.map(decode);
      case 'object':
        return Object.fromEntries(encoded.entries.map(([name, one]) => [name, decode(one)]));
      case 'promise':
        return new Promise((resolve, reject) => promised.set(encoded.id, { resolve, reject }));
      case 'function':
        return (...values: unknown[]): unknown => {
          returned = null;
          send('call', { id: encoded.id, values: values.map(encode) });
          const outcome = returned as Outcome | null;
          if (outcome === null) throw new Error('The other side of this page is gone.');
          if (!outcome.ok) throw new Error(outcome.message);
          return decode(outcome.value);
        };
    }
  };

  on('call', (call: { id: number; values: Encoded[] }) => {
    let outcome: Outcome;
    try {
      outcome = { ok: true, value: encode(functions[call.id]?.(...call.values.map(decode))) };
    } catch (error) {
      outcome = { ok: false, message: messageOf(error) };
    }
    send('returned', outcome);
  });
  on('returned', (outcome: Outcome) => {
    returned = outcome;
  });
  on('settled', ({ id, outcome }: { id: number; outcome: Outcome }) => {
    const waiting = promised.get(id);
    promised.delete(id);
    if (outcome.ok) waiting?.resolve(decode(outcome.value));
    else waiting?.reject(new Error(outcome.message));
  });
  return { encode, decode, send, on };
}
