import type {
  ContactId,
  Conversation,
  ConversationId,
  DeskEvent,
  Entry,
  TimelineEvent,
} from '@yixian/contracts';
import { addressed } from './addressed.ts';
import { Round } from './round.ts';

const [ann, bob] = ['ann', 'bob'] as ContactId[];
const row = (id: string, contactId: ContactId, version: number) =>
  ({ id: id as ConversationId, contactId, version }) as Conversation;

const entered = (id: string, contactId: ContactId, version: number): TimelineEvent => ({
  kind: 'entry.recorded',
  id: '',
  conversation: row(id, contactId, version),
  entry: { contactId, version } as Entry,
});
const changed = (id: string, contactId: ContactId, version: number): TimelineEvent => ({
  kind: 'conversation.changed',
  id: '',
  conversation: row(id, contactId, version),
});
const delivered = (contactId: ContactId, version: number): TimelineEvent =>
  ({ kind: 'delivery.changed', id: '', contactId, version }) as TimelineEvent;

/** What a browser reads that watches these contacts, as `type version`. */
function read(events: TimelineEvent[], ...watching: ContactId[]): string[] {
  const frame = new Round('/agent', events.map(addressed)).frameFor(new Set(watching));
  if (!frame) return [];
  const [name, told] = JSON.parse(frame.text.slice('2/agent,'.length)) as [string, DeskEvent[]];
  expect(name).toBe('events');
  return told.map((event) => {
    if (event.type === 'delivery') return `delivery ${event.version}`;
    return 'conversation' in event ? `${event.type} ${event.conversation.version}` : event.type;
  });
}

const busy = [
  entered('a', ann!, 1),
  changed('a', ann!, 2),
  entered('b', bob!, 7),
  delivered(ann!, 3),
  entered('a', ann!, 4),
];

it('tells those who watch every version, and all others the newest row of each conversation', () => {
  expect(read(busy, ann!)).toEqual(['entry 1', 'conversation 2', 'conversation 7', 'delivery 3', 'entry 4']);
  expect(read(busy)).toEqual(['conversation 7', 'conversation 4']);
  expect(read(busy, bob!)).toEqual(['entry 7', 'conversation 4']);
  expect(read(busy, ann!, bob!)).toEqual(['entry 1', 'conversation 2', 'entry 7', 'delivery 3', 'entry 4']);
});

it('sends nothing to whom nothing concerns', () => {
  expect(read([delivered(ann!, 3)], bob!)).toEqual([]);
});

it('makes one frame for all who watch the same of what happened', () => {
  const round = new Round('/agent', busy.map(addressed));
  const elsewhere = 'carol' as ContactId;
  expect(round.frameFor(new Set([ann!, elsewhere]))).toBe(round.frameFor(new Set([ann!])));
  expect(round.frameFor(new Set([elsewhere]))).toBe(round.frameFor(new Set()));
});
