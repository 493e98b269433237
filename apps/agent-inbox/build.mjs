import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';
import config from './vite.config.mjs';

const compressible = new Set(['.html', '.js', '.css', '.svg', '.json']);

/**
 * Builds the inbox into `outDir`: `index.html` (never cache), hashed files under `assets/` (cache for ever), and
 * beside each of them its `.br` and `.gz`. Answers the files written, relative to `outDir`.
 */
export async function buildUi({ outDir = join(import.meta.dirname, '../../dist/apps/agent-inbox') } = {}) {
  // Whatever the caller's environment says: a development build of React weighs twice as much.
  process.env.NODE_ENV = 'production';
  await build({ ...config, logLevel: 'error', build: { ...config.build, outDir } });
  const files = readdirSync(outDir, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && compressible.has(extname(file.name)))
    .map((file) => join(file.parentPath, file.name));
  files.forEach(compress);
  return files.map((file) => file.slice(outDir.length + 1));
}

function compress(file) {
  const content = readFileSync(file);
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  writeFileSync(`${file}.br`, brotliCompressSync(content, { params }));
}

if (process.argv[1] === import.meta.filename) {
  const outDir = process.argv[2];
  await buildUi(outDir ? { outDir } : {});
}
