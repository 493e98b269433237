import { describe, expect, test } from '@jest/globals';
import { parseMail } from './parse-mail.ts';
import type { ParsedMail } from './parsed-mail.ts';

const mail = (lines: string[], lineEnd = '\r\n') => Buffer.from(lines.join(lineEnd), 'latin1');
const parsed = (raw: Buffer) => {
  const result = parseMail(raw);
  expect(result.kind).toBe('parsed');
  return result as ParsedMail;
};

const reply = [
  'From: =?utf-8?B?546L5bCP5piO?= <wang@example.cn>',
  'To: "Doe, Jane" <jane@example.org>, team: a@example.org, b@example.org;',
  'Subject: =?gbk?Q?Re=3A_=B6=A9=B5?= =?gbk?Q?=A5?=',
  'Message-ID: <1@example.cn>',
  'In-Reply-To: <0@example.org>',
  'References: <a@example.org> <0@example.org>',
  'Date: Mon, 4 Mar 24 10:12:00 +0800 (CST)',
  'MIME-Version: 1.0',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: base64',
  '',
  Buffer.from('收到了。\n\n在 2024-03-04 10:00:00，"Jane" <jane@example.org> 写道：\n> 您好').toString(
    'base64',
  ),
];

describe.each([
  ['CR LF', '\r\n'],
  ['LF', '\n'],
  ['CR', '\r'],
  ['CR CR LF', '\r\r\n'],
])('a mail whose lines end with %s', (_, lineEnd) => {
  test('says who wrote what to whom', () => {
    expect(parsed(mail(reply, lineEnd)).payload).toMatchObject({
      subject: 'Re: 订单',
      from: { name: '王小明', address: 'wang@example.cn' },
      to: [
        { name: 'Doe, Jane', address: 'jane@example.org' },
        { name: '', address: 'a@example.org' },
        { name: '', address: 'b@example.org' },
      ],
      messageId: '1@example.cn',
      inReplyTo: '0@example.org',
      references: ['a@example.org', '0@example.org'],
      date: '2024-03-04T02:12:00.000Z',
      visibleText: '收到了。',
      quotedText: '在 2024-03-04 10:00:00，"Jane" <jane@example.org> 写道：\n> 您好',
      auto: false,
      auth: null,
    });
  });
});
