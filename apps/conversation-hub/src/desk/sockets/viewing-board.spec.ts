import type { AgentId, AgentViewing, ContactId } from '@yixian/contracts';
import { TestClock } from '@yixian/contracts/testing';
import { timestamp } from '@yixian/contracts';
import { ViewingBoard } from './viewing-board.ts';

const clock = new TestClock();
const says = (fill: Partial<AgentViewing> = {}): AgentViewing => ({
  kind: 'agent.viewing',
  agent: { id: 'lin' as AgentId, name: '林' },
  tab: 'tab-1',
  contactId: 'ann' as ContactId,
  typing: false,
  at: timestamp(clock),
  ...fill,
});

it('tells of a change once, and not of what is only said again', () => {
  const board = new ViewingBoard(clock);
  expect(board.hear(says())).toMatchObject({ type: 'viewing', contactId: 'ann', typing: false });
  expect(board.hear(says())).toBeUndefined();
  expect(board.hear(says({ typing: true }))).toMatchObject({ typing: true });
  expect(board.hear(says({ contactId: null }))).toMatchObject({ contactId: null });
  expect(board.hear(says({ contactId: null }))).toBeUndefined();
  expect(board.list()).toEqual([]);
});

it('forgets who is not heard of for 30 s, and only them', () => {
  const board = new ViewingBoard(clock);
  board.hear(says());
  clock.advance(20_000);
  board.hear(says({ tab: 'tab-2' }));
  clock.advance(10_000);
  expect(board.expire()).toMatchObject([{ tab: 'tab-1', contactId: null }]);
  expect(board.list().map(({ tab }) => tab)).toEqual(['tab-2']);
  expect(board.expire()).toEqual([]);
});

it('does not believe a word that was too long under way, nor one from the future for longer', () => {
  const board = new ViewingBoard(clock);
  expect(board.hear(says({ at: new Date(clock.now() - 30_000).toISOString() }))).toBeUndefined();
  board.hear(says({ at: new Date(clock.now() + 3_600_000).toISOString() }));
  clock.advance(30_000);
  expect(board.expire()).toHaveLength(1);
});
