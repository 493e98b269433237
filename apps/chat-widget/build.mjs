// Builds the browser part: the panel (hashed assets), the loader (one script without a site), the demo shop's style.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'vite';

const ui = join(import.meta.dirname, 'ui');
const panelPage = join(ui, 'panel/panel.html');
/** Chrome 80 and iOS 13.4: what WeChat's browser and old phones still are. */
const target = ['chrome80', 'safari13.1'];

/** Lightning CSS's feature flag of `light-dark()`: we do not use it, so `color-scheme` needs no variables beside it. */
const LIGHT_DARK = 1 << 20;

/** Writes the loader, the panel and the demo into `outDir`, each text beside its .gz and .br. */
export async function buildUi({ outDir }) {
  rmSync(outDir, { recursive: true, force: true });
  // Whatever runs us: a test's build is the one that ships.
  process.env.NODE_ENV = 'production';
  await build({ ...common(join(ui, 'panel')), base: '/w/', build: panelBuild(outDir) });
  await build({ ...common(join(ui, 'loader')), build: loaderBuild(outDir) });
  cpSync(join(ui, 'demo'), join(outDir, 'demo'), { recursive: true });
  compress(outDir);
}

const common = (root) => ({
  root,
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  css: { lightningcss: { exclude: LIGHT_DARK } },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});

const panelBuild = (outDir) => ({
  outDir,
  emptyOutDir: false,
  target,
  cssTarget: target,
  assetsInlineLimit: 0,
  reportCompressedSize: false,
  // Built like a library for one thing: Vite then leaves `import()` alone, where it would add 1.5 KB of preloading.
  lib: { entry: panelPage, formats: ['es'] },
  cssCodeSplit: true,
  rolldownOptions: {
    input: panelPage,
    // What the lazy chunks share with the panel stays in the panel.
    preserveEntrySignatures: false,
    output: {
      entryFileNames: 'assets/[name]-[hash].js',
      chunkFileNames: 'assets/[name]-[hash].js',
      assetFileNames: 'assets/[name]-[hash][extname]',
      minify: true,
    },
  },
});

const loaderBuild = (outDir) => ({
  outDir,
  emptyOutDir: false,
  target,
  cssTarget: target,
  reportCompressedSize: false,
  rolldownOptions: {
    input: join(ui, 'loader/loader.ts'),
    output: { format: 'iife', entryFileNames: 'loader.js' },
  },
});

function compress(outDir) {
  for (const name of readdirSync(outDir, { recursive: true })) {
    if (!/\.(js|css)$/.test(name)) continue;
    const file = join(outDir, name);
    const content = readFileSync(file);
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
    writeFileSync(`${file}.br`, brotliCompressSync(content));
  }
}

if (process.argv[1] === import.meta.filename) await buildUi({ outDir: process.argv[2] });
