import { jest } from '@jest/globals';
import { hashPassword, passwordFits } from './password.ts';

// Hashing is slow by intent.
jest.setTimeout(30_000);

it('knows a password again, and no other', async () => {
  const stored = await hashPassword('Zürich 一线 pass');
  expect(stored).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[\w-]{22}\$[\w-]{43}$/);
  expect(await passwordFits('Zürich 一线 pass', stored)).toBe(true);
  // The same letters as another keyboard composes them.
  expect(await passwordFits('Zu\u0308rich 一线 pass', stored)).toBe(true);
  expect(await passwordFits('zürich 一线 pass', stored)).toBe(false);
  expect(await hashPassword('Zürich 一线 pass')).not.toBe(stored);
});

it('says no to everything where nothing is stored', async () => {
  expect(await passwordFits('', undefined)).toBe(false);
});
