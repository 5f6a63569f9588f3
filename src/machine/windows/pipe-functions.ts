import { setTimeout as pause } from 'node:timers/promises';

/** Who holds the other end of a pipe. */
export interface WindowsPeer {
  sid: string;
  /** Sign-in name, without the domain. */
  name: string;
  processId: number;
  /** Terminal Services session. */
  sessionNumber: number;
}

export interface PipeFunctions {
  /** A new server end. `first`: fails when somebody else already serves a pipe of this name. */
  createInstance(path: string, first: boolean): bigint;
  /** Waits for a caller; false when the instance cannot be used. */
  connected(handle: bigint): Promise<boolean>;
  /** A C run-time descriptor over the handle, for `new Socket({fd})`. */
  descriptor(handle: bigint): number;
  peerOf(handle: bigint): WindowsPeer;
  close(handle: bigint): void;
  /** Ends a `connected` that waits, by connecting to it. */
  wake(path: string): void;
}

/** winbase.h, winnt.h */
const PIPE_ACCESS_DUPLEX = 0x3;
const FILE_FLAG_FIRST_PIPE_INSTANCE = 0x0008_0000;
const FILE_FLAG_OVERLAPPED = 0x4000_0000;
const PIPE_REJECT_REMOTE_CLIENTS = 0x8;
const PIPE_NOWAIT = 0x1;
const PIPE_UNLIMITED_INSTANCES = 255;
const ERROR_PIPE_CONNECTED = 535;
const ERROR_PIPE_LISTENING = 536;
const PROCESS_QUERY_LIMITED_INFORMATION = 0x1000;
const TOKEN_QUERY = 0x8;
const TOKEN_USER_CLASS = 1;
const SDDL_REVISION_1 = 1;
const invalidHandle = 0xffff_ffff_ffff_ffffn;
const bufferBytes = 65_536;

/** System and administrators: everything. Signed-in accounts: read and write. */
const access = 'D:(A;;GA;;;SY)(A;;GA;;;BA)(A;;GRGW;;;AU)';

/** How often an instance is asked whether somebody connected. */
const lookEveryMs = 100;

/**
 * Written from Microsoft's documentation of the named-pipe, token and SID functions
 * (https://learn.microsoft.com/windows/win32/ipc/named-pipe-functions).
 */
export async function loadPipeFunctions(): Promise<PipeFunctions> {
  const { default: koffi } = await import('koffi');
  const kernel = koffi.load('kernel32.dll');
  const advapi = koffi.load('advapi32.dll');
  koffi.struct('USHER_SECURITY_ATTRIBUTES', { length: 'uint32_t', descriptor: 'void *', inherit: 'int' });
  const lastError = kernel.func('uint32_t __stdcall GetLastError()');
  const closeHandle = kernel.func('int __stdcall CloseHandle(uintptr_t handle)');
  const createPipe = kernel.func(
    'uintptr_t __stdcall CreateNamedPipeW(str16 name, uint32_t open, uint32_t mode, uint32_t instances, uint32_t out, uint32_t in, uint32_t timeout, USHER_SECURITY_ATTRIBUTES *security)',
  );
  const connectPipe = kernel.func('int __stdcall ConnectNamedPipe(uintptr_t pipe, void *overlapped)');
  const setState = kernel.func(
    'int __stdcall SetNamedPipeHandleState(uintptr_t pipe, uint32_t *mode, void *collect, void *timeout)',
  );
  const clientProcess = kernel.func(
    'int __stdcall GetNamedPipeClientProcessId(uintptr_t pipe, _Out_ uint32_t *process)',
  );
  const sessionOf = kernel.func('int __stdcall ProcessIdToSessionId(uint32_t process, _Out_ uint32_t *session)');
  const openProcess = kernel.func('uintptr_t __stdcall OpenProcess(uint32_t access, int inherit, uint32_t process)');
  const openToken = advapi.func(
    'int __stdcall OpenProcessToken(uintptr_t process, uint32_t access, _Out_ uintptr_t *token)',
  );
  const tokenInformation = advapi.func(
    'int __stdcall GetTokenInformation(uintptr_t token, int class, _Out_ uint8_t *information, uint32_t length, _Out_ uint32_t *needed)',
  );
  const sidText = advapi.func('int __stdcall ConvertSidToStringSidW(uintptr_t sid, _Out_ str16 *text)');
  const accountOf = advapi.func(
    'int __stdcall LookupAccountSidW(void *system, uintptr_t sid, _Out_ uint16_t *name, _Inout_ uint32_t *nameLength, _Out_ uint16_t *domain, _Inout_ uint32_t *domainLength, _Out_ int *use)',
  );
  const descriptorFrom = advapi.func(
    'int __stdcall ConvertStringSecurityDescriptorToSecurityDescriptorW(str16 text, uint32_t revision, _Out_ void **descriptor, void *size)',
  );
  // Node's program exports libuv; its descriptor table is the one `new Socket({fd})` looks in.
  const openDescriptor = koffi.load(process.execPath).func('int uv_open_osfhandle(uintptr_t handle)');

  const security: unknown[] = [null];
  if (descriptorFrom(access, SDDL_REVISION_1, security, null) === 0) {
    throw new Error(`Windows refused the access rules of the pipe (error ${String(lastError())})`);
  }

  return {
    createInstance(path, first) {
      const open = PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | (first ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0);
      const attributes = { length: 24, descriptor: security[0], inherit: 0 };
      const mode = PIPE_REJECT_REMOTE_CLIENTS | PIPE_NOWAIT;
      const handle = BigInt(
        createPipe(path, open, mode, PIPE_UNLIMITED_INSTANCES, bufferBytes, bufferBytes, 0, attributes),
      );
      if (handle === invalidHandle) {
        throw new Error(`The pipe ${path} could not be opened (Windows error ${String(lastError())})`);
      }
      return handle;
    },
    async connected(handle) {
      for (;;) {
        if (connectPipe(handle, null) !== 0) return true;
        const error = Number(lastError());
        if (error === ERROR_PIPE_CONNECTED) return true;
        if (error !== ERROR_PIPE_LISTENING) return false;
        await pause(lookEveryMs);
      }
    },
    descriptor(handle) {
      setState(handle, [0], null, null);
      return Number(openDescriptor(handle));
    },
    peerOf(handle) {
      const processId = [0];
      const sessionNumber = [0];
      const token = [0n];
      if (clientProcess(handle, processId) === 0) throw new Error('Windows did not say which program connected');
      sessionOf(processId[0], sessionNumber);
      const process_ = openProcess(PROCESS_QUERY_LIMITED_INFORMATION, 0, processId[0]);
      try {
        if (openToken(process_, TOKEN_QUERY, token) === 0)
          throw new Error('Windows did not say whose program connected');
        const information = new Uint8Array(256);
        if (tokenInformation(token[0], TOKEN_USER_CLASS, information, information.length, [0]) === 0) {
          throw new Error('Windows did not say whose program connected');
        }
        const sid = new DataView(information.buffer).getBigUint64(0, true);
        const text: string[] = [''];
        sidText(sid, text);
        const name = new Uint16Array(256);
        const nameLength = [name.length];
        accountOf(null, sid, name, nameLength, new Uint16Array(256), [256], [0]);
        const readable = String.fromCharCode(...name.subarray(0, nameLength[0] ?? 0));
        return {
          sid: text[0] ?? '',
          name: readable === '' ? (text[0] ?? '') : readable,
          processId: processId[0] ?? 0,
          sessionNumber: sessionNumber[0] ?? 0,
        };
      } finally {
        if (token[0] !== 0n) closeHandle(token[0]);
        closeHandle(process_);
      }
    },
    close(handle) {
      closeHandle(handle);
    },
    wake: () => undefined,
  };
}
