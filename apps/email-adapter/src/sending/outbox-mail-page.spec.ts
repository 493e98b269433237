import { expect, test } from '@jest/globals';
import { parseMail } from '../parsing/parse-mail.ts';
import type { ParsedMail } from '../parsing/parsed-mail.ts';
import { outboxMailPage } from './outbox-mail-page.ts';

const links = { list: '/mail/outbox?key=k', source: '/mail/outbox/a?key=k&source=1' };
const pageOf = (lines: string[]) =>
  outboxMailPage(parseMail(Buffer.from(lines.join('\r\n'))) as ParsedMail, links);

test('a mail is shown as its recipient would see it', () => {
  const page = pageOf([
    'From: =?UTF-8?B?5a6i5pyN?= <support@shop.example>',
    'To: lin@example.com',
    'Subject: =?UTF-8?B?5oKo55qE6K6i5Y2V?=',
    'MIME-Version: 1.0',
    'Content-Type: multipart/related; boundary=b',
    '',
    '--b',
    'Content-Type: text/html; charset=utf-8',
    '',
    '<p>您好 <img src="cid:1@x"></p>',
    '--b',
    'Content-Type: image/png; name=tea.png',
    'Content-ID: <1@x>',
    'Content-Transfer-Encoding: base64',
    '',
    'iVBORw==',
    '--b--',
  ]);
  for (const shown of ['客服 &lt;support@shop.example&gt;', '<h1>您的订单</h1>', 'tea.png'])
    expect(page).toContain(shown);
  expect(page).toContain('&lt;p&gt;您好 &lt;img src=&quot;data:image/png;base64,iVBORw==&quot;');
  expect(page).toContain('href="/mail/outbox/a?key=k&amp;source=1"');
});

test('nothing in a mail is markup of the page', () => {
  const attack = '"><script>alert(1)</script>';
  const page = pageOf([
    'From: a@shop.example',
    `Subject: ${attack}`,
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    attack,
    '--b',
    `Content-Disposition: attachment; filename*=utf-8''${encodeURIComponent(attack)}`,
    '',
    'x',
    '--b--',
  ]);
  expect(page).not.toContain('<script');
  expect(page).toContain(`<pre>${'&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;'}</pre>`);
});
