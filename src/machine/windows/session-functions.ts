/** One session as Terminal Services lists it. */
export interface WindowsSession {
  number: number;
  /** `active`: in front. `disconnected`: signed in, not in front. */
  state: 'active' | 'disconnected' | 'other';
  name: string;
  sid: string;
  /** Null where Windows does not say. */
  locked: boolean | null;
  remote: boolean;
  /** Milliseconds since the last input; null where Windows does not say. */
  idleMs: number | null;
}

export interface SessionFunctions {
  list(): WindowsSession[];
  /** @throws Error with Windows' error number. */
  disconnect(number: number): void;
  /** @throws Error with Windows' error number. */
  logOff(number: number): void;
}

/** wtsapi32.h */
const WTSUserName = 5;
const WTSDomainName = 7;
const WTSClientProtocolType = 16;
const WTSSessionInfoEx = 25;
const WTSActive = 0;
const WTSDisconnected = 4;
const currentServer = 0n;
/** `WTS_SESSION_INFOW`: id, name pointer, state; 24 bytes on 64-bit Windows. */
const sessionInfoBytes = 24;

/**
 * `WTSINFOEXW` at level 1 on 64-bit Windows: level (0), then at 8: session id, state, flags (16), station and user names
 * (33, 21 and 18 wide characters), then at 168 logon, connect, disconnect, last input and current time as FILETIME
 * (https://learn.microsoft.com/windows/win32/api/wtsapi32/ns-wtsapi32-wtsinfoex_level1_w).
 */
export function readSessionInfoEx(bytes: Uint8Array): { locked: boolean | null; idleMs: number | null } {
  if (bytes.length < 208) return { locked: null, idleMs: null };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== 1) return { locked: null, idleMs: null };
  const flags = view.getInt32(16, true);
  const lastInput = view.getBigInt64(192, true);
  const current = view.getBigInt64(200, true);
  return {
    // WTS_SESSIONSTATE_LOCK is 0, WTS_SESSIONSTATE_UNLOCK is 1, unknown is -1.
    locked: flags === 0 ? true : flags === 1 ? false : null,
    idleMs: lastInput <= 0n || current < lastInput ? null : Number((current - lastInput) / 10_000n),
  };
}

/** Written from Microsoft's documentation (https://learn.microsoft.com/windows/win32/api/wtsapi32/). */
export async function loadSessionFunctions(): Promise<SessionFunctions> {
  const { default: koffi } = await import('koffi');
  const wts = koffi.load('wtsapi32.dll');
  const kernel = koffi.load('kernel32.dll');
  const advapi = koffi.load('advapi32.dll');
  const lastError = kernel.func('uint32_t __stdcall GetLastError()');
  const enumerate = wts.func(
    'int __stdcall WTSEnumerateSessionsW(uintptr_t server, uint32_t reserved, uint32_t version, _Out_ void **sessions, _Out_ uint32_t *count)',
  );
  const query = wts.func(
    'int __stdcall WTSQuerySessionInformationW(uintptr_t server, uint32_t session, int class, _Out_ void **buffer, _Out_ uint32_t *bytes)',
  );
  const free = wts.func('void __stdcall WTSFreeMemory(void *memory)');
  const disconnect = wts.func('int __stdcall WTSDisconnectSession(uintptr_t server, uint32_t session, int wait)');
  const logOff = wts.func('int __stdcall WTSLogoffSession(uintptr_t server, uint32_t session, int wait)');
  const lookUp = advapi.func(
    'int __stdcall LookupAccountNameW(void *system, str16 account, _Out_ uint8_t *sid, _Inout_ uint32_t *sidLength, _Out_ uint16_t *domain, _Inout_ uint32_t *domainLength, _Out_ int *use)',
  );
  const sidText = advapi.func('int __stdcall ConvertSidToStringSidW(uint8_t *sid, _Out_ str16 *text)');

  const information = (session: number, kind: number): Uint8Array => {
    const buffer: unknown[] = [null];
    const length = [0];
    if (query(currentServer, session, kind, buffer, length) === 0) return new Uint8Array();
    try {
      return Uint8Array.from(koffi.decode(buffer[0], koffi.array('uint8_t', length[0] ?? 0)));
    } finally {
      free(buffer[0]);
    }
  };
  const words = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf16le').replace(/\0.*$/s, '');
  const sidOf = (account: string): string => {
    const sid = new Uint8Array(256);
    const text: string[] = [''];
    if (lookUp(null, account, sid, [sid.length], new Uint16Array(256), [256], [0]) === 0) return '';
    sidText(sid, text);
    return text[0] ?? '';
  };

  return {
    list() {
      const buffer: unknown[] = [null];
      const count = [0];
      if (enumerate(currentServer, 0, 1, buffer, count) === 0) {
        throw new Error(`Windows did not list its sessions (error ${String(lastError())})`);
      }
      try {
        const length = (count[0] ?? 0) * sessionInfoBytes;
        const bytes = Uint8Array.from(koffi.decode(buffer[0], koffi.array('uint8_t', length)));
        const view = new DataView(bytes.buffer);
        return Array.from({ length: count[0] ?? 0 }, (_unused, index): WindowsSession => {
          const number = view.getUint32(index * sessionInfoBytes, true);
          const state = view.getInt32(index * sessionInfoBytes + 16, true);
          const name = words(information(number, WTSUserName));
          const domain = words(information(number, WTSDomainName));
          return {
            number,
            state: state === WTSActive ? 'active' : state === WTSDisconnected ? 'disconnected' : 'other',
            name,
            sid: name === '' ? '' : sidOf(domain === '' ? name : `${domain}\\${name}`),
            remote: (information(number, WTSClientProtocolType)[0] ?? 0) === 2,
            ...readSessionInfoEx(information(number, WTSSessionInfoEx)),
          };
        });
      } finally {
        free(buffer[0]);
      }
    },
    disconnect(number) {
      if (disconnect(currentServer, number, 0) === 0) {
        throw new Error(`Windows refused to disconnect the session (error ${String(lastError())})`);
      }
    },
    logOff(number) {
      if (logOff(currentServer, number, 0) === 0) {
        throw new Error(`Windows refused to sign the session out (error ${String(lastError())})`);
      }
    },
  };
}
