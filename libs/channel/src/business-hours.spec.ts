import { isOpen, opensAt } from './business-hours.ts';

const at = (text: string) => Date.parse(text);
const office = ['mon-fri 09:00-18:00', 'sat 10:00-16:00'];

test('no hours means always', () => expect(isOpen([], 'Asia/Shanghai', 0)).toBe(true));

test.each([
  ['2026-11-23T01:00:00Z', true], // Monday 09:00 in Shanghai
  ['2026-11-23T00:59:59Z', false],
  ['2026-11-23T09:59:59Z', true],
  ['2026-11-23T10:00:00Z', false], // 18:00
  ['2026-11-28T03:00:00Z', true], // Saturday 11:00
  ['2026-11-29T03:00:00Z', false], // Sunday
])('the office at %s: %s', (moment, open) => {
  expect(isOpen(office, 'Asia/Shanghai', at(moment))).toBe(open);
});

test('a night shift runs into the next day, and into the next week', () => {
  expect(isOpen(['sat 22:00-02:00'], 'UTC', at('2026-11-29T01:30:00Z'))).toBe(true);
  expect(isOpen(['sat 22:00-02:00'], 'UTC', at('2026-11-29T02:00:00Z'))).toBe(false);
  expect(isOpen(['sun-mon 00:00-24:00'], 'UTC', at('2026-11-30T23:59:00Z'))).toBe(true);
});

test('after closing on Friday comes Saturday, after Saturday Monday', () => {
  expect(opensAt(office, 'Asia/Shanghai', at('2026-11-27T12:00:30Z'))).toBe(at('2026-11-28T02:00:00Z'));
  expect(opensAt(office, 'Asia/Shanghai', at('2026-11-28T12:00:00Z'))).toBe(at('2026-11-30T01:00:00Z'));
  expect(opensAt([], 'Asia/Shanghai', 0)).toBeUndefined();
});

test('a change of clocks on the way does not move the opening', () => {
  // Berlin leaves summer time on Sunday 2026-10-25; Monday 09:00 is then 08:00 UTC.
  expect(opensAt(['mon 09:00-17:00'], 'Europe/Berlin', at('2026-10-24T12:00:00Z'))).toBe(
    at('2026-10-26T08:00:00Z'),
  );
  expect(opensAt(['mon 09:00-17:00'], 'Europe/Berlin', at('2026-03-28T12:00:00Z'))).toBe(
    at('2026-03-30T07:00:00Z'),
  );
});
