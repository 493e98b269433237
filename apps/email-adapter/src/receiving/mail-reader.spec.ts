import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { TestClock } from '@yixian/contracts/testing';
import { parseMail } from '../parsing/parse-mail.ts';
import { MailReader } from './mail-reader.ts';

// It builds what the thread runs.
jest.setTimeout(60_000);

let folder: string;
let built: URL;
let clock: TestClock;
let warnings: Record<string, unknown>[];
let reader: MailReader;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mail-reader-'));
  const root = join(import.meta.dirname, '../../../..');
  // Where its packages are found.
  const file = join(root, `.cache/read-mail.${process.pid}.mjs`);
  const work = `await (await import('./tools/typescript.mjs')).bundle('apps/email-adapter/src/workers/read-mail.ts', ${JSON.stringify(file)})`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', work], { cwd: root });
  built = pathToFileURL(file);
});

afterAll(async () => {
  await Promise.all([rm(folder, { recursive: true }), rm(built), rm(`${built.pathname}.map`)]);
});

beforeEach(() => {
  clock = new TestClock();
  warnings = [];
});

afterEach(() => reader?.close());

const readerWith = (thread: URL | undefined) =>
  (reader = new MailReader({ clock, thread, warn: (_, detail) => warnings.push(detail) }));

/** After this the thread has its mail. */
const turn = () => new Promise(setImmediate);

/** A thread that runs this. */
async function script(name: string, text: string): Promise<URL> {
  const file = join(folder, `${name}.mjs`);
  await writeFile(file, `import { parentPort } from 'node:worker_threads';\n${text}`);
  return pathToFileURL(file);
}

/** A big mail with a file, and a picture that is not encoded, so that its bytes are the mail's own. */
const mail = (subject: string) =>
  Buffer.from(
    [
      'From: a@example.org',
      `Subject: ${subject}`,
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain; charset=utf-8',
      '',
      '您好',
      '--b',
      'Content-Type: application/zip; name=a.zip',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.alloc(200_000, 7).toString('base64'),
      '--b',
      'Content-Type: image/png; name=b.png',
      'Content-Transfer-Encoding: 8bit',
      '',
      'not encoded',
      '--b--',
    ].join('\r\n'),
  );

test('the thread tells of big mails what is told of any, each to whoever asked', async () => {
  readerWith(built);
  const mails = ['one', 'two', 'three'].map(mail);
  const read = await Promise.all(mails.map((raw) => reader.read(raw, {})));
  expect(read).toEqual(mails.map((raw) => parseMail(raw)));
  const refused = await reader.read(mails[0]!, { limits: { size: 1000 } });
  expect(refused).toMatchObject({ kind: 'refused', code: 'too-large', known: { subject: 'one' } });
  expect(warnings).toEqual([]);
});

test('a small mail needs no thread', async () => {
  readerWith(pathToFileURL('/there/is/none.mjs'));
  const raw = Buffer.from('From: a@example.org\r\nSubject: small\r\n\r\nx');
  expect(await reader.read(raw, {})).toEqual(parseMail(raw));
});

test('a mail that takes too long is read by its head, and is whole beside it', async () => {
  readerWith(await script('slow', "parentPort.on('message', () => { for (let n = 0; ; n++); });"));
  const raw = mail('slow');
  const read = reader.read(raw, {});
  await turn();
  clock.advance(60_000);
  expect(await read).toMatchObject({
    kind: 'parsed',
    payload: {
      subject: 'slow',
      visibleText: '您好',
      attachments: [{ name: 'mail.eml', type: 'message/rfc822', size: raw.length }],
      badges: expect.arrayContaining(['shortened']),
    },
    attachments: [{ content: raw }],
  });
  expect(warnings).toEqual([{ bytes: raw.length, tooLong: true, err: undefined }]);
});

test('a mail that breaks the thread is read by its head, and the thread is replaced', async () => {
  readerWith(
    await script(
      'breaks',
      "parentPort.on('message', ({ options }) => { if (options.limits) throw new Error('boom'); parentPort.postMessage({ kind: 'refused' }); });",
    ),
  );
  const [broken, next] = await Promise.all([
    reader.read(mail('broken'), { limits: {} }),
    reader.read(mail('next'), {}),
  ]);
  expect(broken).toMatchObject({ kind: 'parsed', payload: { subject: 'broken' } });
  expect(next).toEqual({ kind: 'refused' });
  expect(warnings).toEqual([
    { bytes: mail('broken').length, tooLong: false, err: expect.objectContaining({ message: 'boom' }) },
  ]);
});

test('what is being read when we stop must come again', async () => {
  readerWith(await script('silent', "parentPort.on('message', () => undefined);"));
  const reads = [reader.read(mail('first'), {}), reader.read(mail('second'), {})];
  const outcomes = Promise.allSettled(reads);
  await turn();
  await reader.close();
  for (const outcome of await outcomes)
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'reader_closed', retryable: true } });
});
