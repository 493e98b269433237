import { findStamps, stampedText } from './stamp.ts';

it('is found in any frame, with its number and its time', () => {
  const found: [number, number][] = [];
  const frame = Buffer.from(
    `42["events",[{"text":"${stampedText(7, 123_456)}"},{"text":"${stampedText(8, 9)}"}]]`,
  );
  findStamps(frame, (number, sent) => found.push([number, sent]));
  expect(found).toEqual([
    [7, 123_456],
    [8, 9],
  ]);
});
