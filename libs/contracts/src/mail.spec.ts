import { expect, test } from '@jest/globals';
import { MailReply } from './mail.ts';

test('a reply by mail needs to say nothing', () => {
  expect(MailReply.parse({})).toEqual({ to: [], cc: [], bcc: [] });
});

test.each([
  ['two addresses in one', { to: [{ name: '', address: 'a@example.com, b@example.com' }] }],
  ['a line break in an address', { cc: [{ name: '', address: 'a@example.com\r\nBcc: b@example.com' }] }],
  ['no domain', { bcc: [{ name: '', address: 'postmaster' }] }],
  ['a subject of two lines', { subject: 'Hello\nBcc: b@example.com' }],
])('a reply by mail is refused for %s', (_, reply) => {
  expect(MailReply.safeParse(reply).success).toBe(false);
});
