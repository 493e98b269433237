import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Attachment } from '@yixian/contracts';
import { TestClock } from '@yixian/contracts/testing';
import { aPng } from '../testing/samples.ts';
import { S3Server } from '../testing/s3-server.ts';
import { MediaLinks, mediaUrl } from './media-links.ts';
import type { MediaStore } from './media-store.ts';
import { openMediaStore } from './open-media-store.ts';
import { serveMedia } from './serve-media.ts';

const clock = new TestClock();
const links = new MediaLinks(randomBytes(32), clock);
let folder: string;
let store: MediaStore;
let server: Server;
let origin: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yixian-serve-'));
  store = await openMediaStore({ folder });
  server = createServer(serveMedia(store, links));
  origin = await listen(server);
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

async function listen(on: Server): Promise<string> {
  await new Promise<void>((resolve) => on.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(on.address() as AddressInfo).port}`;
}

const linkTo = (file: Attachment) =>
  origin + mediaUrl('/any/prefix', file, links.token({ key: file.key, ttlMs: 1000 }));

test('shows an image, safely', async () => {
  const png = aPng(4, 4);
  const answer = await fetch(linkTo(await store.put(png, { name: '图.png' })));
  expect(answer.status).toBe(200);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'image/png',
    'content-length': String(png.length),
    'content-disposition': `inline; filename="_.png"; filename*=UTF-8''%E5%9B%BE.png`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
    'cache-control': 'private, max-age=31536000, immutable',
    'referrer-policy': 'no-referrer',
  });
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(png);
});

test('gives what could run only for saving, as text', async () => {
  const html = await store.put(Buffer.from('<html><script>alert(document.cookie)</script>'), {
    name: 'page.html',
  });
  const { headers } = await fetch(linkTo(html));
  expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(headers.get('content-disposition')).toMatch(/^attachment; /);
});

test('saves an image when asked to', async () => {
  const png = await store.put(aPng(2, 2), { name: 'a.png' });
  const { headers } = await fetch(`${linkTo(png)}&download=1`);
  expect(headers.get('content-disposition')).toMatch(/^attachment; /);
});

test('answers HEAD without the content', async () => {
  const file = await store.put(Buffer.from('0123456789'), { name: 'digits' });
  const answer = await fetch(linkTo(file), { method: 'HEAD' });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-length')).toBe('10');
  expect(await answer.text()).toBe('');
});

test('gives a part, or says that there is no such part', async () => {
  const url = linkTo(await store.put(Buffer.from('0123456789'), { name: 'digits' }));
  const part = await fetch(url, { headers: { range: 'bytes=2-4' } });
  expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
    206,
    'bytes 2-4/10',
    '234',
  ]);
  const behind = await fetch(url, { headers: { range: 'bytes=10-' } });
  expect([behind.status, behind.headers.get('content-range')]).toEqual([416, 'bytes */10']);
  const changed = await fetch(url, { headers: { range: 'bytes=2-4', 'if-range': '"another"' } });
  expect([changed.status, await changed.text()]).toEqual([200, '0123456789']);
});

test('does not send again what the browser holds', async () => {
  const url = linkTo(await store.put(Buffer.from('cached'), { name: 'c' }));
  const etag = (await fetch(url)).headers.get('etag')!;
  expect((await fetch(url, { headers: { 'if-none-match': `"x", W/${etag}` } })).status).toBe(304);
});

test('opens nothing without a token that fits', async () => {
  const file = await store.put(Buffer.from('secret'), { name: 's' });
  const code = async (url: string, init?: RequestInit) => {
    const answer = await fetch(url, init);
    return [answer.status, ((await answer.json()) as { error: { code: string } }).error.code];
  };
  expect(await code(`${origin}/media/${file.key}`)).toEqual([403, 'token_invalid']);
  const other = links.token({ key: `aa/aa/${'a'.repeat(64)}`, ttlMs: 1000 });
  expect(await code(`${origin}/media/${file.key}?t=${other}`)).toEqual([403, 'token_invalid']);
  const url = linkTo(file);
  expect(await code(url, { method: 'POST' })).toEqual([405, 'unsupported']);
  clock.advance(1001);
  expect(await code(url)).toEqual([403, 'token_expired']);
  const all = links.token({ key: '*', ttlMs: 1000 });
  expect(await code(`${origin}/media/aa/aa/${'a'.repeat(64)}?t=${all}`)).toEqual([404, 'not_found']);
  expect(await code(`${origin}/media/%2e%2e/%2e%2e/etc/passwd?t=${all}`)).toEqual([404, 'not_found']);
});

test('breaks the connection when the store breaks off, and answers 503 when it is down', async () => {
  const bucket = await S3Server.start();
  const remote = await openMediaStore({ s3: bucket.settings });
  const { key } = await remote.put(randomBytes(100_000), { name: 'f' });
  const relay = createServer(serveMedia(remote, links));
  const url = `${await listen(relay)}/media/${key}?t=${links.token({ key, ttlMs: 1000 })}`;
  bucket.misbehave('cut');
  await expect(fetch(url).then((answer) => answer.arrayBuffer())).rejects.toThrow('terminated');
  bucket.misbehave('unavailable', 'unavailable', 'unavailable', 'unavailable');
  expect((await fetch(url)).status).toBe(503);
  relay.closeAllConnections();
  relay.close();
  await bucket.stop();
});
