import { expect, it } from '@jest/globals';
import { initials } from './avatar.tsx';

it('takes the first Han character, else the first letters of two words', () => {
  expect(
    ['林晓雯', 'Sarah O’Connor', 'a.b@shop.cn', 'Müller（采购部）', '+86 138', '🌸'].map(initials),
  ).toEqual(['林', 'SO', 'AB', '采', '81', '?']);
});
