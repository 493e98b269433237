import { describe, expect, test } from '@jest/globals';
import { bounceSamples } from '../../../testing/bounce-samples.ts';
import { parseMail } from '../parse-mail.ts';
import type { ParsedMail } from '../parsed-mail.ts';

const payloadOf = (mail: string, lineEnd = '\n') =>
  (parseMail(Buffer.from(mail.replaceAll('\n', lineEnd))) as ParsedMail).payload;

describe.each(['\n', '\r\n', '\r'])('with line ends %j', (lineEnd) => {
  test.each(bounceSamples)('$system', ({ mail, told }) => {
    const payload = payloadOf(mail, lineEnd);
    if (told === null) {
      expect(payload.bounce).toBeUndefined();
      expect(payload.auto).not.toBe('bounce');
      return;
    }
    expect(payload.auto).toBe('bounce');
    expect(payload.bounce).toMatchObject(told);
    expect(payload.bounce!.status).toMatch(/^[45]\.\d{1,3}\.\d{1,3}$/);
  });
});

test('the returned mail is known by its id', () => {
  const withId = bounceSamples.filter(
    ({ told, mail }) => told !== null && mail.includes('order-17@shop.example.com'),
  );
  expect(withId.length).toBeGreaterThan(20);
  for (const { mail } of withId) {
    expect(payloadOf(mail).bounce!.originalMessageId).toBe('order-17@shop.example.com');
  }
});

test('of several recipients the dead one is told', () => {
  const two = bounceSamples[0]!.mail.replace(
    'Final-Recipient: rfc822; lilei@customer.example',
    'Final-Recipient: rfc822; full@customer.example\nAction: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 mailbox full\n\nFinal-Recipient: rfc822; lilei@customer.example',
  );
  expect(payloadOf(two).bounce).toMatchObject({ kind: 'hard', recipient: 'lilei@customer.example' });
});
