import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

/** First load, gzip, in bytes: what the page names, all that comes with it, and one language. */
const BUDGET = 180_000;
const BUDGET_CSS = 15_000;

const outDir = mkdtempSync(join(tmpdir(), 'agent-inbox-'));
const assets = () => readdirSync(join(outDir, 'assets'));
const text = (name: string) => readFileSync(join(outDir, 'assets', name), 'utf8');
const size = (name: string) => statSync(join(outDir, 'assets', `${name}.gz`)).size;
/** The files without which nothing is shown: named by the page, or imported by one of these. */
function firstLoad(): string[] {
  const page = readFileSync(join(outDir, 'index.html'), 'utf8');
  const found = new Set([...page.matchAll(/assets\/([\w.-]+\.(?:js|css))/g)].map(([, name]) => name!));
  for (const name of found) {
    if (!name.endsWith('.js')) continue;
    for (const [, imported] of text(name).matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g))
      found.add(imported!);
  }
  return [...found, ...assets().filter((name) => /^zh-cn-.*\.js$/.test(name))];
}

const sum = (names: string[]) => names.reduce((total, name) => total + size(name), 0);

// In a process of its own: the bundler is native code, which does not take objects from Jest's realm.
beforeAll(() => {
  execFileSync(process.execPath, [join(import.meta.dirname, 'build.mjs'), outDir]);
}, 60_000);
afterAll(() => rmSync(outDir, { recursive: true }));

describe('the build', () => {
  it('stays within what the first load may weigh', () => {
    const first = firstLoad();
    const weight = sum(first) + statSync(join(outDir, 'index.html.gz')).size;
    expect(weight).toBeLessThanOrEqual(BUDGET);
    expect(sum(first.filter((name) => name.endsWith('.css')))).toBeLessThanOrEqual(BUDGET_CSS);
  });

  it('brings each file in two compressions that unpack to the file', () => {
    for (const name of assets().filter((one) => /\.(js|css)$/.test(one))) {
      expect(brotliDecompressSync(readFileSync(join(outDir, 'assets', `${name}.br`))).toString()).toBe(
        text(name),
      );
      expect(gunzipSync(readFileSync(join(outDir, 'assets', `${name}.gz`))).toString()).toBe(text(name));
    }
  });

  it('has no schema library, no inline script and nothing from elsewhere', () => {
    for (const name of assets().filter((one) => one.endsWith('.js')))
      expect(text(name)).not.toContain('ZodType');
    const html = readFileSync(join(outDir, 'index.html'), 'utf8');
    expect(html).not.toMatch(/<script(?![^>]* src=)|<style|https?:\/\//);
  });
});
