import type { AccountId, Address } from '@yixian/contracts';
import { SiteSettings } from '../site.ts';
import type { Site } from '../site.ts';
import { asksOf } from './asks.ts';
import type { Visitor } from './visitor.ts';

const id = 'shop' as AccountId;
const site = (settings: object): Site => ({ ...SiteSettings.parse(settings), id, name: 'Shop' });
const visitor = (of: Partial<Visitor> = {}): Visitor => ({
  site: id,
  address: 'visitor-1' as Address,
  answers: {},
  spoke: false,
  ...of,
});
const fields = (...of: Parameters<typeof asksOf>) => asksOf(...of).map(({ field }) => field);

test('a site that asks nothing gets everybody at once', () => {
  expect(asksOf(site({}), visitor(), true)).toEqual([]);
});

test('questions come before the first message, and never again', () => {
  const asking = site({ askName: 'required', askEmail: 'optional', consent: 'I agree' });
  expect(asksOf(asking, visitor(), true)).toEqual([
    { field: 'name', required: true },
    { field: 'email', required: false },
    { field: 'consent', required: true },
  ]);
  expect(asksOf(asking, visitor({ spoke: true }), true)).toEqual([]);
});

test('a customer whom the site has signed for is asked for consent alone', () => {
  const known = { external: 'shop:42', email: 'lin@example.com', evidence: 'jwt:shop' };
  expect(fields(site({ askName: 'required', consent: 'I agree' }), visitor({ known }), false)).toEqual([
    'consent',
  ]);
});

test('while nobody is there everybody says how to reach them, also later on', () => {
  expect(fields(site({ askName: 'optional' }), visitor(), false)).toEqual(['name', 'contact']);
  expect(fields(site({}), visitor({ spoke: true }), false)).toEqual(['contact']);
  expect(fields(site({}), visitor({ spoke: true, answers: { phone: '138' } }), false)).toEqual([]);
  expect(fields(site({ askPhone: 'required' }), visitor(), false)).toEqual(['phone']);
});
