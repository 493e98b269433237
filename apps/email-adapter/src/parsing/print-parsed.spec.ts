import { expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { printParsed } from './print-parsed.ts';

test('each file is one line, in the order given, and what cannot be read is a line with an error', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mail-'));
  const file = async (name: string, content: string) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  try {
    const files = [
      await file('2.eml', 'From: b@example.org\nSubject: second\n\nline\nline'),
      await file('empty.eml', ''),
      join(folder, 'missing.eml'),
      folder,
      await file('1.eml', 'From: a@example.org\nSubject: first\n\nx'),
    ];
    const out = new PassThrough({ highWaterMark: 64 });
    const printed = text(out);
    await printParsed(files, out);
    out.end();
    const lines = (await printed)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toMatchObject([
      { subject: 'second', text: 'line\nline' },
      { error: { code: 'empty' } },
      { error: { code: 'unreadable' } },
      { error: { code: 'unreadable' } },
      { subject: 'first' },
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
