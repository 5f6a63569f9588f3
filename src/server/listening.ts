import { isIP } from 'node:net';

/** Is this a name or address that only this computer itself can reach (RFC 6890, RFC 6761 §6.3)? */
export function isLoopback(host: string): boolean {
  const bare = host
    .replace(/^\[|\]$/g, '')
    .replace(/^::ffff:(?=\d+\.)/i, '')
    .toLowerCase();
  if (bare === 'localhost') return true;
  return (isIP(bare) === 4 && bare.startsWith('127.')) || (isIP(bare) === 6 && bare === '::1');
}

/**
 * Plain HTTP stays on this computer.
 * @param ownCertificate does the server speak HTTPS itself?
 * @throws Error saying which setting to change, when the server would be reachable by others without HTTPS.
 */
export function refuseOpenPlainHttp(host: string, origin: string | undefined, ownCertificate = false): void {
  if (ownCertificate) return refusePlainOrigin(host, origin);
  if (origin !== undefined) {
    const { protocol, hostname } = new URL(origin);
    if (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname) && isLoopback(host))) return;
    throw new Error(
      `The setting USHER_SERVER_ORIGIN is ${origin}, but machines and browsers reach a server over the network only by HTTPS. Give its https:// address.`,
    );
  }
  if (isLoopback(host)) return;
  throw new Error(
    `The server would listen on ${host}, where others can reach it, without HTTPS. Set USHER_SERVER_ORIGIN to the https:// address of the proxy in front of it, USHER_TLS_CERT and USHER_TLS_KEY to a certificate of its own, or USHER_SERVER_HOST to 127.0.0.1.`,
  );
}

/** With a certificate of its own the server speaks HTTPS only, and says under which name. */
function refusePlainOrigin(host: string, origin: string | undefined): void {
  if (origin !== undefined && new URL(origin).protocol !== 'https:') {
    throw new Error(
      `The setting USHER_SERVER_ORIGIN is ${origin}, but with USHER_TLS_CERT the server speaks HTTPS only. Give its https:// address, or leave USHER_TLS_CERT out.`,
    );
  }
  if (origin === undefined && isAnyAddress(host)) {
    throw new Error(
      `The server listens on every address of this computer (${host}). Set USHER_SERVER_ORIGIN to the https:// address that its certificate is for.`,
    );
  }
}

const isAnyAddress = (host: string): boolean => ['0.0.0.0', '::', '[::]'].includes(host);

/** `http://127.0.0.1:4180`, with brackets around an IPv6 address. */
export function originOf(protocol: 'http' | 'https', host: string, port: number): string {
  return `${protocol}://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

/** Other names under which a browser on this computer may have opened a loopback server. */
export function loopbackOrigins(origin: string): string[] {
  const { protocol, hostname, port } = new URL(origin);
  if (protocol !== 'http:' || !isLoopback(hostname)) return [origin];
  return [origin, `http://localhost:${port}`, `http://127.0.0.1:${port}`, `http://[::1]:${port}`];
}

/**
 * Connections the system holds ready for us. Node takes up one in each turn of its loop (libuv 1.45 and newer), so a
 * morning's rush waits here; past this a machine's system tries again only after a second (RFC 6298). Linux holds no
 * more than `net.core.somaxconn`, 4,096 unless set otherwise.
 */
export const waitingConnections = 4_096;
