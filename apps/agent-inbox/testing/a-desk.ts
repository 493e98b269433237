import type { Conversation, DeskEvent, Entry } from '@yixian/contracts';

/** Builders for specs: what is not given is filled in plausibly. */

export const uuid = (n: number): string => `00000000-0000-8000-8000-${String(n).padStart(12, '0')}`;

const START = Date.parse('2026-11-21T01:00:00.000Z');
const iso = (minutes: number): string => new Date(START + minutes * 60_000).toISOString();

export function aConversation(given: Partial<Record<keyof Conversation, unknown>> = {}): Conversation {
  return {
    id: uuid(1),
    version: 1,
    contactId: uuid(100),
    identityId: uuid(200),
    channel: 'chat',
    account: 'shop',
    address: 'visitor-1',
    contactName: '林晓雯',
    avatarUrl: null,
    state: 'open',
    assignee: null,
    lastSeq: 0,
    unread: 0,
    preview: null,
    waitingSince: null,
    createdAt: iso(0),
    lastAt: iso(0),
    closedAt: null,
    previousId: null,
    subject: null,
    thread: null,
    relatedId: null,
    allowance: null,
    ...given,
  } as Conversation;
}

export function anEntry(given: Partial<Record<keyof Entry, unknown>> = {}): Entry {
  const seq = (given.seq as number | undefined) ?? 1;
  return {
    id: uuid(10_000 + seq),
    conversationId: uuid(1),
    contactId: uuid(100),
    channel: 'chat',
    account: 'shop',
    seq,
    version: seq,
    kind: 'message',
    direction: 'in',
    author: { kind: 'customer', name: '林晓雯' },
    text: `消息 ${seq}`,
    payload: {},
    attachments: [],
    occurredAt: iso(seq),
    recordedAt: iso(seq),
    orderedAt: (START + seq * 60_000) * 1000,
    ...given,
  } as Entry;
}

export const entryEvent = (entry: Entry, conversation: Conversation): DeskEvent => ({
  type: 'entry',
  entry,
  conversation: { ...conversation, version: entry.version, lastSeq: entry.seq },
});
