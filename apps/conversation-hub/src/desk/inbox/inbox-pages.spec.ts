import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { jest } from '@jest/globals';
import { aDesk } from '../../../testing/a-desk.ts';
import type { Desk } from '../../../testing/a-desk.ts';

jest.setTimeout(30_000);

const script = 'console.log("一线")';
const page = '<!doctype html><title>Inbox</title>';
const folder = mkdtempSync(join(tmpdir(), 'yixian-inbox-'));
let desk: Desk;

beforeAll(async () => {
  mkdirSync(join(folder, 'assets'));
  for (const [name, content] of [
    ['index.html', page],
    ['assets/main-abc123.js', script],
    ['assets/frame-abc123.html', page],
  ] as const) {
    writeFileSync(join(folder, name), content);
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content));
    writeFileSync(join(folder, `${name}.gz`), gzipSync(content));
  }
  writeFileSync(join(folder, '..', 'outside.js'), 'secret');
  desk = await aDesk({ env: { INBOX_DIR: folder } });
});
afterAll(async () => {
  await desk.stop();
  rmSync(folder, { recursive: true });
});

/** With the path as it is written: no client tidies it up. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }>((resolve, reject) => {
    const { hostname, port } = new URL(desk.url);
    request({ hostname, port, path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    })
      .on('error', reject)
      .end();
  });
}

const browser = { accept: 'text/html,*/*;q=0.8', 'accept-encoding': 'gzip, deflate, br' };

it.each(['/', '/contacts/5b6c3a52-7a75-8c4e-9d5e-0d8a5f3e2b1a', '/settings/accounts'])(
  'gives the page at %s, never from a cache, with a policy that runs only our files',
  async (path) => {
    const { status, headers, body } = await get(path, browser);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-encoding': 'br',
      'cache-control': 'no-cache',
      vary: 'accept-encoding',
    });
    expect(headers['content-security-policy']).toContain("default-src 'self'; img-src 'self' blob: data:");
    expect(headers['content-security-policy']).toContain("require-trusted-types-for 'script'");
    expect(brotliDecompressSync(body).toString()).toBe(page);
  },
);

it('gives files with a hash in their name for ever, in the encoding the browser takes', async () => {
  const path = '/assets/main-abc123.js';
  const gzip = await get(path, { 'accept-encoding': 'gzip, br;q=0' });
  expect(gzip.headers).toMatchObject({
    'content-encoding': 'gzip',
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
  });
  expect(gunzipSync(gzip.body).toString()).toBe(script);
  const plain = await get(path);
  expect(plain.headers['content-encoding']).toBeUndefined();
  expect(plain.body.toString()).toBe(script);
});

it('gives frames for customers’ HTML in which nothing runs and nothing comes from elsewhere', async () => {
  const { headers } = await get('/assets/frame-abc123.html', browser);
  const policy = headers['content-security-policy'];
  expect(policy).toContain("default-src 'none'; img-src 'self' data:;");
  expect(policy).toMatch(/sandbox(?!.*allow-scripts)/);
  expect(headers['cache-control']).toContain('immutable');
});

it('gives nothing again that the browser has', async () => {
  const { headers } = await get('/', browser);
  const again = await get('/', { ...browser, 'if-none-match': headers.etag! });
  expect([again.status, again.body.length]).toEqual([304, 0]);
  const head = await get('/', browser, 'HEAD');
  expect([head.status, head.body.length, head.headers['content-length']]).toEqual([
    200,
    0,
    headers['content-length'],
  ]);
});

it.each([
  ['an unknown API path', '/api/nothing', browser],
  ['an unknown file', '/assets/missing.js', browser],
  ['a page that no browser asks for', '/contacts', { accept: 'application/json' }],
  ['what lies outside', '/../outside.js', browser],
  ['what lies outside, in disguise', '/assets/..%2f..%2foutside.js', browser],
  ['a precompressed twin by its name', '/index.html.br', browser],
])('answers %s with a problem, not with the page', async (_, path, headers) => {
  const answer = await get(path, headers);
  expect(answer.status).toBe(404);
  expect(JSON.parse(answer.body.toString())).toMatchObject({ error: { code: 'not_found' } });
});
