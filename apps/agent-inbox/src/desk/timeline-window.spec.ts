import { describe, expect, it } from '@jest/globals';
import type { ContactDetail, DeskEvent, Entry, TimelinePage } from '@yixian/contracts';
import { aConversation, anEntry, entryEvent, uuid } from '../../testing/a-desk.ts';
import {
  ask,
  catchUp,
  extend,
  follow,
  hasHole,
  isVersioned,
  MAX_ENTRIES,
  openWindow,
  openWindowAfter,
  type TimelineWindow,
  type VersionedEvent,
} from './timeline-window.ts';

const conversation = aConversation({ version: 3, lastSeq: 3 });
const detail = {
  contact: { id: uuid(100) },
  conversations: [conversation],
  links: [],
  conflicts: [],
} as unknown as ContactDetail;
const pageOf = (entries: Entry[], more: Partial<TimelinePage> = {}): TimelinePage => ({
  entries,
  first: entries[0]?.id ?? null,
  last: entries.at(-1)?.id ?? null,
  older: false,
  newer: false,
  ...more,
});
const entries = [1, 2, 3].map((seq) => anEntry({ seq }));
const live = (): TimelineWindow =>
  catchUp(ask(openWindow(detail, pageOf(entries))!), { missed: [], reset: false, serverTime: '' });
const event = (seq: number): VersionedEvent => entryEvent(anEntry({ seq }), conversation) as VersionedEvent;
const seqs = (window: TimelineWindow) => window.entries.map((entry) => entry.seq);

describe('openWindow', () => {
  it('has followed each conversation up to its newest entry on the page', () => {
    expect([...openWindow(detail, pageOf(entries))!.have]).toEqual([[uuid(1), 3]]);
  });

  it('takes a conversation that ended before the page as the detail says', () => {
    const before = aConversation({ id: uuid(2), version: 9, lastSeq: 4, lastAt: '2026-11-20T00:00:00.000Z' });
    const both = { ...detail, conversations: [conversation, before] };
    const window = openWindow(both, pageOf(entries, { older: true }))!;
    expect(window.have.get(before.id)).toBe(9);
  });

  it('asks for the page again when a conversation outside of it changed meanwhile', () => {
    const changed = aConversation({
      id: uuid(2),
      version: 9,
      lastSeq: 4,
      lastAt: '2026-11-22T00:00:00.000Z',
    });
    const both = { ...detail, conversations: [conversation, changed] };
    expect(openWindow(both, pageOf(entries, { older: true }))).toBeUndefined();
    expect(openWindow(both, pageOf(entries))).toBeUndefined();
  });
});

describe('follow', () => {
  it('appends what comes next, once', () => {
    const window = follow(follow(live(), [event(4)]), [event(4), event(5)]);
    expect(seqs(window)).toEqual([1, 2, 3, 4, 5]);
    expect(hasHole(window)).toBe(false);
  });

  it('holds back what comes after a hole, and shows it in order once the hole is filled', () => {
    const holed = follow(live(), [event(5)]);
    expect(seqs(holed)).toEqual([1, 2, 3]);
    expect(hasHole(holed)).toBe(true);
    expect(seqs(follow(holed, [event(4)]))).toEqual([1, 2, 3, 4, 5]);
  });

  it('notices from a row alone that an entry is missing', () => {
    const row = { type: 'conversation', conversation: { ...conversation, version: 4, lastSeq: 4 } } as const;
    expect(hasHole(follow(live(), [row]))).toBe(true);
    expect(hasHole(follow(live(), [row, event(4)]))).toBe(false);
  });

  it('keeps what comes while `watch` is not answered', () => {
    const asked = follow(ask(live()), [event(5)]);
    const missed: DeskEvent[] = [event(4)];
    expect(seqs(catchUp(asked, { missed, reset: false, serverTime: '' }))).toEqual([1, 2, 3, 4, 5]);
  });

  it('lets a delivery climb and never fall', () => {
    const sent = anEntry({ seq: 4, direction: 'out', delivery: { state: 'queued', at: '' } });
    const word = (version: number, state: string) =>
      ({
        type: 'delivery',
        conversationId: uuid(1),
        contactId: uuid(100),
        version,
        entryId: sent.id,
        delivery: { state, at: '' },
      }) as VersionedEvent;
    const window = follow(live(), [
      entryEvent(sent, conversation) as VersionedEvent,
      word(6, 'read'),
      word(5, 'sent'),
    ]);
    expect(window.entries.at(-1)!.delivery!.state).toBe('read');
    expect(follow(window, [word(5, 'sent')]).entries.at(-1)!.delivery!.state).toBe('read');
  });

  it('puts nothing beyond an edge that is not the end, and joins it when paging gets there', () => {
    const middle = openWindowAfter(detail, pageOf(entries.slice(0, 2), { newer: true }));
    const window = follow(catchUp(ask(middle), { missed: [], reset: false, serverTime: '' }), [event(4)]);
    expect(seqs(window)).toEqual([1, 2]);
    expect(seqs(extend(window, pageOf([entries[2]!]), 'newer'))).toEqual([1, 2, 3, 4]);
  });
});

describe('catchUp', () => {
  it('is whole up to the row it carries, also over versions that left no entry', () => {
    const row = { type: 'conversation', conversation: { ...conversation, version: 8, lastSeq: 4 } } as const;
    const window = catchUp(ask(live()), { missed: [event(4), row], reset: false, serverTime: '' });
    expect(window.have.get(conversation.id)).toBe(8);
  });

  it('must be loaded anew when a conversation went to another contact', () => {
    const moved = { ...conversation, version: 4, contactId: uuid(101) } as typeof conversation;
    const missed: DeskEvent[] = [{ type: 'conversation', conversation: moved }];
    expect(catchUp(ask(live()), { missed, reset: false, serverTime: '' })).toMatchObject({
      stale: true,
      watch: 'none',
    });
  });

  it('must be loaded anew after a reset', () => {
    expect(catchUp(live(), { missed: [], reset: true, serverTime: '' })).toMatchObject({
      stale: true,
      watch: 'none',
    });
  });
});

describe('extend', () => {
  it('drops the far end of a window that grows too long, and pages on from an entry there', () => {
    const many = Array.from({ length: MAX_ENTRIES }, (_, index) => anEntry({ seq: index + 100 }));
    const window = extend(openWindowAfter(detail, pageOf(many, { older: true })), pageOf(entries), 'older');
    expect(window.entries).toHaveLength(MAX_ENTRIES);
    expect(window.entries[0]!.seq).toBe(1);
    expect(window).toMatchObject({ newer: true, last: null, older: false });
  });
});

it('knows which events carry a version', () => {
  expect(isVersioned({ type: 'counts', counts: { mine: 0, unassigned: 0, all: 0 } })).toBe(false);
});
