import type { Rebuilt } from './rebuild.ts';
import { rebuildReport } from './rebuild-report.ts';

const equal: Rebuilt = {
  models: [{ model: 'conversation', rows: 2, live: '12', fresh: '12' }],
  gaps: [],
  conversations: 2,
  facts: 11,
  rate: 40_000,
  equal: true,
  differences: [],
};

it('says in its last line what was found', () => {
  expect(rebuildReport(equal).split('\n').at(-1)).toBe(
    'Equal: 2 conversations from 11 facts, 40000/s, 0 gaps.',
  );
});

it('names what differs', () => {
  const report = rebuildReport({
    ...equal,
    equal: false,
    models: [{ model: 'delivery', rows: 1, live: '1', fresh: '2' }],
    gaps: [{ conversation: 'c', after: 3 }],
    differences: [{ id: 'c', live: { unread: 1 }, fresh: { unread: 0 } }],
  });
  expect(report).toContain('DIFFERENT 1 ≠ 2');
  expect(report).toContain('gap: conversation c after version 3');
  expect(report).toContain('differs: {"id":"c","live":{"unread":1},"fresh":{"unread":0}}');
  expect(report.split('\n').at(-1)).toMatch(/^DIFFERENT: /);
});
