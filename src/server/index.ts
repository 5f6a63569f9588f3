export { startServer, serverFolder, serverOptionsFrom, type RunningServer, type ServerOptions } from './start.ts';
