export { serverFolder, serverOptionsFrom, type ServerOptions } from './options.ts';
export { startServer, type RunningServer } from './start.ts';
