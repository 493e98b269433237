import { describe, expect, jest, test } from '@jest/globals';
import { parseMail } from './parse-mail.ts';
import type { ParsedMail } from './parsed-mail.ts';

jest.setTimeout(120_000);

const head = 'From: a@example.org\r\nSubject: =?utf-8?B?5L2g5aW9?=\r\n';
const refusal = (mail: string | Buffer) => {
  const result = parseMail(Buffer.from(mail as string));
  return result.kind === 'refused' ? result : undefined;
};

describe('a bomb is refused, and its head told', () => {
  test('of parts within parts', () => {
    let mail = head;
    for (let i = 0; i < 5000; i++) mail += `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`;
    expect(refusal(mail)).toMatchObject({
      code: 'too-deep',
      known: { subject: '你好', from: { address: 'a@example.org' } },
    });
  });

  test('of parts beside parts', () => {
    const mail = `${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(100_000)}--b--`;
    expect(refusal(mail)).toMatchObject({ code: 'too-many-parts', known: { subject: '你好' } });
  });

  test('of headers', () => {
    expect(refusal(head + 'X-Long: y\r\n'.repeat(200_000))).toMatchObject({
      code: 'headers-too-large',
      known: { subject: '你好' },
    });
    expect(refusal(`${head}X-Long: ${'y'.repeat(3_000_000)}\r\n\r\nx`)?.code).toBe('headers-too-large');
  });

  test('of size', () => {
    const result = parseMail(Buffer.from(`${head}\r\n${'x'.repeat(5000)}`), { limits: { size: 4000 } });
    expect(result).toMatchObject({ kind: 'refused', code: 'too-large', known: { subject: '你好' } });
  });

  test('of nothing', () => {
    expect(refusal('')?.code).toBe('empty');
    expect(refusal('\r\n\r\n')?.code).toBe('empty');
  });
});

describe('what is large or deep is read in bounded time', () => {
  const payload = (mail: string) => (parseMail(Buffer.from(mail)) as ParsedMail).payload;
  const html = (body: string) => payload(`${head}Content-Type: text/html\r\n\r\n${body}`);

  test('HTML nested beyond any mail', () => {
    const { text, html: safe } = html(`${'<div>'.repeat(100_000)}deep${'</b>'.repeat(100_000)}`);
    expect(text).toBe('deep');
    expect(safe!.length).toBeLessThan(1_100_000);
  });

  test('HTML of unclosed things', () => {
    for (const piece of ['<', '<a ', '<!--', '&', '<a href="', "<p style='", '<table><td>', '</p>']) {
      expect(html(piece.repeat(100_000)).html).not.toBeNull();
    }
  });

  test('base64 without end', () => {
    const mail = `${head}Content-Type: application/octet-stream; name=a.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n${'QUJD\r\n='.repeat(500_000)}`;
    expect(payload(mail).attachments[0]).toMatchObject({ name: 'a.bin', size: 1_500_000 });
  });

  test.each([
    ['Subject', '=?utf-8?Q?'],
    ['Subject', '=?utf-8?B?QQ==?= '],
    ['To', '('],
    ['To', '"'],
    ['To', '<'],
    ['To', 'a,'],
    ['To', 'a:'],
    ['To', 'a@b,'],
    ['References', '<a@b>'],
    ['Date', '('],
    ['Content-Type', 'text/plain; a="'],
    ['Content-Type', 'text/plain; name*0=x;'],
    ['Content-Disposition', "attachment; filename*=utf-8''%"],
  ])('a %s of %j over and over', (name, piece) => {
    const mail = `${name}: ${piece.repeat(Math.floor(900_000 / piece.length))}\r\nFrom: a@example.org\r\n\r\nx`;
    expect(parseMail(Buffer.from(mail)).kind).toBe('parsed');
  });
});
