export { connectSession, SessionConnectError, type SessionClientOptions, type SessionConnection } from './connect.ts';
export {
  serveSession,
  type SessionClient,
  type SessionHandlers,
  type SessionRefusal,
  type SessionServer,
  type SessionServerOptions,
  type SocketListener,
} from './serve.ts';
export { socketPathFor } from './socket-path.ts';
