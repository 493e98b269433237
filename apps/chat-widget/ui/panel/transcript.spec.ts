import type { VisitorLine } from '@yixian/contracts/visitor-socket';
import { join, unreadIn } from './transcript.ts';

const line = (position: number, from: VisitorLine['from'] = 'agent') =>
  ({
    position,
    from,
    id: `id-${position}`,
    name: null,
    text: `${position}`,
    files: [],
    at: '',
  }) as unknown as VisitorLine;
const positions = (lines: VisitorLine[]) => lines.map(({ position }) => position);

test('lines come in any order and twice; they stand in order and once', () => {
  expect(positions(join([line(1), line(2)], [line(2), line(3)]).lines)).toEqual([1, 2, 3]);
  expect(positions(join([line(5)], [line(3), line(4)]).lines)).toEqual([3, 4, 5]);
});

test('a hole is asked for and not painted', () => {
  expect(join([line(1)], [line(4)])).toEqual({ lines: [line(1)], hole: 1 });
  expect(join([], [line(4)])).toEqual({ lines: [], hole: 0 });
});

test('when too much was missed the newest lines replace what was held', () => {
  expect(positions(join([line(1)], [line(80), line(81)], true).lines)).toEqual([80, 81]);
  expect(positions(join([], [line(80)], true).lines)).toEqual([80]);
});

test('own messages are never unread', () => {
  expect(unreadIn([line(1), line(2, 'visitor'), line(3), line(4)], 1)).toBe(2);
});
