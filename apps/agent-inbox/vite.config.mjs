import { join } from 'node:path';

const root = import.meta.dirname;

/** How the inbox is built and served while it is worked on: `npx vite apps/agent-inbox` beside a running hub. */
export default {
  root,
  configFile: false,
  base: '/',
  resolve: {
    alias: [
      { find: /^@yixian\/contracts\/(.+)$/, replacement: join(root, '../../libs/contracts/src/$1.ts') },
    ],
  },
  oxc: { jsx: { runtime: 'automatic' } },
  build: {
    target: ['chrome111', 'edge111', 'firefox115', 'safari16.4'],
    emptyOutDir: true,
    sourcemap: false,
    // No inline data: the page's content security policy allows files of our own only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/media', '/socket.io'].map((path) => [
        path,
        { target: process.env.HUB_URL ?? 'http://127.0.0.1:3000', ws: path === '/socket.io' },
      ]),
    ),
  },
};
