import { createHash } from 'node:crypto';

/** 32 letters and digits that nobody takes for one another. */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** The number of a thread, for subjects and telephones: eight letters and digits, always the same ones. */
export function numberOf(thread: string): string {
  const digest = createHash('sha256').update(thread).digest();
  return Array.from({ length: 8 }, (_, at) => ALPHABET[digest[at]! & 31]).join('');
}
