import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { MediaStore } from './media-store.ts';
import { openMediaStore } from './open-media-store.ts';
import { receiveUpload, UploadRefused } from './receive-upload.ts';

const MAX = 1_000_000;
let folder: string;
let store: MediaStore;
let server: Server;
let port: number;
let failure: unknown;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yixian-upload-'));
  store = await openMediaStore({ folder });
  failure = undefined;
  server = createServer((request, response) => {
    receiveUpload(request, store, { maxBytes: MAX, field: 'file' }).then(
      (attachment) => response.end(JSON.stringify(attachment)),
      (error: unknown) => {
        failure = error;
        response.writeHead(error instanceof UploadRefused ? error.status : 500).end();
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

const post = (body: FormData | string) => fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body });
const form = (...parts: [string, Uint8Array | string, string?][]) => {
  const data = new FormData();
  for (const [field, content, name] of parts) {
    if (typeof content === 'string') data.append(field, content);
    else data.append(field, new Blob([new Uint8Array(content)]), name);
  }
  return data;
};
const files = async () =>
  (await readdir(folder, { recursive: true })).filter((name) => /[\w-]{36}$/.test(name));
const eventually = async (check: () => Promise<void>) => {
  for (const until = Date.now() + 5000; ;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
};

test('stores the file of a form', async () => {
  const answer = await post(form(['file', randomBytes(500_000), '合同.pdf']));
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ name: '合同.pdf', size: 500_000 });
  expect(await files()).toHaveLength(1);
});

test.each([
  ['a file in another field', 400, form(['avatar', Buffer.from('x'), 'a'])],
  ['no file', 400, form()],
  ['two files', 400, form(['file', randomBytes(70_000), 'a'], ['file', Buffer.from('y'), 'b'])],
  ['a field beside it', 400, form(['other', 'text'], ['file', Buffer.from('x'), 'a'])],
  ['no form', 415, 'plain text'],
  ['more than is allowed', 413, form(['file', randomBytes(MAX + 1), 'big'])],
  ['much more than is allowed', 413, form(['file', randomBytes(3 * MAX), 'bigger'])],
])('refuses %s', async (_, status, body) => {
  expect((await post(body)).status).toBe(status);
  expect(failure).toBeInstanceOf(UploadRefused);
  expect(await readdir(join(folder, '.incoming'))).toEqual([]);
});

function startUpload() {
  const request = httpRequest({
    port,
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=b', 'transfer-encoding': 'chunked' },
  });
  request.write('--b\r\ncontent-disposition: form-data; name="file"; filename="f"\r\n\r\n');
  return request;
}

test('refuses a gigabyte early, in little memory', async () => {
  const upload = startUpload();
  const status = new Promise((resolve, reject) => {
    upload.once('response', (answer) => resolve(answer.resume().statusCode));
    upload.once('error', reject);
  });
  const before = process.memoryUsage().rss;
  let most = 0;
  const megabyte = randomBytes(1024 * 1024);
  const gigabyte = Readable.from(
    (function* () {
      for (let sent = 0; sent < 1024; sent++) {
        most = Math.max(most, process.memoryUsage().rss - before);
        yield megabyte;
      }
    })(),
  );
  const sending = pipeline(gigabyte, upload).catch(() => undefined);
  expect(await status).toBe(413);
  gigabyte.destroy();
  await sending;
  expect(most).toBeLessThan(100 * 1024 * 1024);
  expect(await files()).toEqual([]);
});

test('keeps nothing of an upload that is cut off', async () => {
  const upload = startUpload();
  upload.once('error', () => undefined);
  upload.write(randomBytes(100_000));
  await eventually(async () => expect(await files()).toHaveLength(1));
  upload.destroy();
  await eventually(async () => expect(await files()).toEqual([]));
  await eventually(async () => expect(failure).toBeInstanceOf(UploadRefused));
});

test('passes on why the store failed', async () => {
  await rm(join(folder, '.incoming'), { recursive: true });
  expect((await post(form(['file', randomBytes(10_000), 'a']))).status).toBe(500);
  expect(failure).toMatchObject({ code: 'ENOENT' });
});
