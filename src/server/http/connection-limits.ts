/** How much patience the server has with connections. */
export interface ConnectionLimits {
  /** Connections open at once; further ones hear 503, and a hundred more than that are closed unheard. */
  connections: number;
  /** A request's headers must be complete in this time, from its first byte (or the connection's start) on. */
  headersSeconds: number;
  /** The whole request, body included. Slower than the slowest school line with the largest batch. */
  requestSeconds: number;
  /** How long an idle connection stays open for the next request. */
  keepAliveSeconds: number;
  /** After so many the connection is closed, so that machines spread over the processes again. */
  requestsPerConnection: number;
  /** A TLS handshake must be complete in this time. */
  handshakeSeconds: number;
  /** How often the times are checked. */
  checkSeconds: number;
}

/**
 * Figures: 20,000 machines that poll every minute and are kept for 10 seconds have about 3,300 connections open. A proxy
 * keeps its connections for about a minute and must be the one that closes first, or it meets a closed one.
 */
export function connectionLimits(ownCertificate: boolean, given: Partial<ConnectionLimits> = {}): ConnectionLimits {
  return {
    connections: 5_000,
    headersSeconds: 20,
    requestSeconds: 120,
    keepAliveSeconds: ownCertificate ? 10 : 75,
    requestsPerConnection: 1_000,
    handshakeSeconds: 10,
    checkSeconds: 5,
    ...given,
  };
}
