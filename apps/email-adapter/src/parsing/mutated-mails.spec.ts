import { expect, jest, test } from '@jest/globals';
import { mutatedMails } from '../../testing/mutated-mails.ts';
import { parseMail } from './parse-mail.ts';

jest.setTimeout(120_000);

test('mutated mails are each read or refused, and told as JSON', () => {
  const counts = { parsed: 0, refused: 0 };
  for (const mail of mutatedMails(800, 42)) {
    const result = parseMail(mail);
    counts[result.kind]++;
    expect(typeof JSON.stringify(result.kind === 'parsed' ? result.payload : result)).toBe('string');
    if (result.kind === 'refused') expect(result.code).not.toBe('unreadable');
  }
  expect(counts.parsed + counts.refused).toBe(800);
  expect(counts.parsed).toBeGreaterThan(750);
});
