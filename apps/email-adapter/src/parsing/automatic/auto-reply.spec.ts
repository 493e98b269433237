import { expect, test } from '@jest/globals';
import { parseMail } from '../parse-mail.ts';
import type { ParsedMail } from '../parsed-mail.ts';

const auto = (subject: string, headers: string[], text = 'x') =>
  (
    parseMail(
      Buffer.from(
        [
          `From: Ann <ann@example.org>`,
          `Subject: ${subject}`,
          ...headers,
          'Content-Type: text/plain; charset=utf-8',
          '',
          text,
        ].join('\n'),
      ),
    ) as ParsedMail
  ).payload.auto;

test.each<[string, string[], string?]>([
  ['Re: order', ['Auto-Submitted: auto-replied']],
  ['Re: order', ['Auto-Submitted: auto-generated']],
  ['Re: order', ['X-Autoreply: yes']],
  ['Re: order', ['X-Autorespond: order']],
  ['Re: order', ['Precedence: auto_reply']],
  ['Automatic reply: order', ['X-Auto-Response-Suppress: All']],
  ['Out of office', [], 'I am on vacation until Monday.'],
  ['自动回复: 订单', [], '您好，我正在休假，周一回来。'],
  ['Abwesenheitsnotiz: Bestellung', [], 'Ich bin im Urlaub.'],
  ['Réponse automatique : commande', ['Return-Path: <>']],
  ['自動返信: 注文', ['Precedence: bulk']],
])('%s with %j is an automatic reply', (...[subject, headers, text]) => {
  expect(auto(subject, headers, text)).toBe('auto-reply');
});

test.each<[string, string[]]>([
  ['News', ['List-Unsubscribe: <https://example.org/u>']],
  ['News', ['List-Id: <news.example.org>', 'Precedence: bulk']],
  ['News', ['Precedence: list']],
  ['News', ['Auto-Submitted: auto-generated', 'List-Id: <news.example.org>']],
])('%s with %j is of a list', (subject, headers) => {
  expect(auto(subject, headers)).toBe('list');
});

test.each<[string, string[], string?]>([
  ['order', []],
  ['order', ['Auto-Submitted: no']],
  ['Out of office chairs?', [], 'Do you still have office chairs?'],
  ['Your automatic reply', [], 'I got your automatic reply, but no answer.'],
  ['On holiday delivery', [], 'Can you deliver on a holiday?'],
  ['order', ['Precedence: first-class']],
  ['order', ['X-Auto-Response-Suppress: OOF']],
])('%s with %j is of a person', (...[subject, headers, text]) => {
  expect(auto(subject, headers, text)).toBe(false);
});
