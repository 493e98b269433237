import { describe, expect, it } from '@jest/globals';
import type { ConversationId, Entry } from '@yixian/contracts';
import { anEntry, uuid } from '../../testing/a-desk.ts';
import type { OutboxItem } from '../composer/outbox.ts';
import { firstUnreadOf, isShifted, timelineItems } from './timeline-items.ts';

const at = (text: string) => ({ recordedAt: text, occurredAt: text });
const show = (entries: Entry[], more: Partial<Parameters<typeof timelineItems>[0]> = {}) =>
  timelineItems({ entries, older: false, waiting: [], ...more });
const kinds = (items: ReturnType<typeof show>) =>
  items.map((item) => (item.type === 'entry' ? `${item.entry.seq}${item.joined ? '+' : ''}` : item.type));

const morning = anEntry({ seq: 1, ...at('2026-11-21T09:00:00') });
const later = anEntry({ seq: 2, ...at('2026-11-21T09:01:00') });
const nextDay = anEntry({ seq: 3, ...at('2026-11-22T09:00:00') });

describe('timelineItems', () => {
  it('opens each day and each conversation, and joins bubbles of one sender', () => {
    expect(kinds(show([morning, later, nextDay]))).toEqual(['day', 'session', '1', '2+', 'day', '3']);
  });

  it('puts nothing above the first entry while there is more before it', () => {
    expect(kinds(show([later, nextDay], { older: true }))).toEqual(['2', 'day', '3']);
  });

  it('parts a group at another sender, a pause, a note and the mark of unread messages', () => {
    const agent = anEntry({
      seq: 2,
      author: { kind: 'agent', name: '王' },
      direction: 'out',
      ...at('2026-11-21T09:01:00'),
    });
    const pause = anEntry({ seq: 2, ...at('2026-11-21T09:04:00') });
    expect(kinds(show([morning, agent])).at(-1)).toBe('2');
    expect(kinds(show([morning, pause])).at(-1)).toBe('2');
    expect(kinds(show([morning, later], { firstUnread: later.id }))).toEqual([
      'day',
      'session',
      '1',
      'unread',
      '2',
    ]);
  });

  it('shows what waits to be sent at the end, until it is stored', () => {
    const waiting = [{ id: later.id }, { id: uuid(7) }] as OutboxItem[];
    expect(kinds(show([morning], { waiting }))).toEqual(['day', 'session', '1', 'waiting', 'waiting']);
    expect(kinds(show([morning, later], { waiting }))).toEqual(['day', 'session', '1', '2+', 'waiting']);
  });
});

describe('of mails', () => {
  const about = (seq: number, payload: object) =>
    anEntry({ seq, payload, ...at(`2026-11-21T09:0${seq}:00`) });
  const shown = (entries: Entry[]) =>
    show(entries).flatMap((item) => (item.type === 'entry' ? [item.newSubject ?? ''] : []));

  it('says the subject once, until it changes', () => {
    const mails = [
      about(1, { subject: '订单 12' }),
      about(2, { mail: { subject: 'Re: 订单 12' } }),
      about(3, { mail: {} }),
      about(4, { subject: '回复：发票' }),
    ];
    expect(shown(mails)).toEqual(['订单 12', '', '', '回复：发票']);
  });

  it('marks the newest message of each conversation', () => {
    const note = anEntry({ seq: 3, kind: 'note', ...at('2026-11-21T09:03:00') });
    const marks = show([morning, later, note]).flatMap((item) =>
      item.type === 'entry' ? [item.newest] : [],
    );
    expect(marks).toEqual([false, true, false]);
  });
});

describe('firstUnreadOf', () => {
  it('counts back the customer’s messages that nobody has read', () => {
    const reply = anEntry({ seq: 3, direction: 'out' });
    const newest = anEntry({ seq: 4 });
    const unread = new Map([[uuid(1) as ConversationId, 2]]);
    expect(firstUnreadOf([morning, later, reply, newest], unread)).toBe(later.id);
    expect(firstUnreadOf([morning], new Map())).toBeUndefined();
  });
});

describe('isShifted', () => {
  const few = show([later, nextDay], { older: true });
  it('tells what came before from what came after', () => {
    expect(isShifted(few, show([morning, later, nextDay]))).toBe(true);
    expect(isShifted(show([morning, later]), show([later], { older: true }))).toBe(true);
    expect(isShifted(show([morning]), show([morning, later]))).toBe(false);
    expect(isShifted([], few)).toBe(false);
  });
});
