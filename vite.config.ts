import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const root = resolve(import.meta.dirname, 'renderer');
const page = (name: string) => resolve(root, name, 'index.html');

/**
 * The web pages. `--mode kiosk` builds the shell's pages, loaded from files (relative addresses);
 * `--mode console` builds the console, served by the server from `/`.
 */
export default defineConfig(({ mode }) => ({
  root,
  base: mode === 'console' ? '/' : './',
  plugins: [react()],
  build: {
    outDir: resolve(import.meta.dirname, mode === 'console' ? 'dist/console' : 'dist/pages'),
    emptyOutDir: true,
    modulePreload: false,
    chunkSizeWarningLimit: 2_000,
    rolldownOptions: {
      input:
        mode === 'console'
          ? { console: page('console') }
          : {
              aup: page('aup'),
              cover: page('cover'),
              policy: page('policy'),
              'my-record': page('my-record'),
              about: page('about'),
              'idle-warning': page('idle-warning'),
              'lock-cover': page('lock-cover'),
              presenting: page('presenting'),
              standing: page('standing'),
              notice: page('notice'),
            },
    },
  },
  server: {
    proxy: { '/v1': 'http://127.0.0.1:4180', '/api': 'http://127.0.0.1:4180' },
  },
}));
