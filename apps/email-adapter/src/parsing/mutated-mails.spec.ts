import { expect, test } from '@jest/globals';
import { mutatedMails } from '../../testing/mutated-mails.ts';
import { parseMail } from './parse-mail.ts';

test('mutated mails are each read or refused, and told as JSON', () => {
  const counts = { parsed: 0, refused: 0 };
  for (const mail of mutatedMails(1500, 42)) {
    const result = parseMail(mail);
    counts[result.kind]++;
    expect(typeof JSON.stringify(result.kind === 'parsed' ? result.payload : result)).toBe('string');
    if (result.kind === 'refused') expect(result.code).not.toBe('unreadable');
  }
  expect(counts.parsed + counts.refused).toBe(1500);
  expect(counts.parsed).toBeGreaterThan(1400);
});
