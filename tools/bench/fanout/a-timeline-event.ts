import type { TimelineEvent } from '@yixian/contracts';
import { stampedText } from '../e2e/stamp.ts';

/** A message of 300 characters in a conversation of its own, as the hub tells of it. */
export function aTimelineEvent(id: string): TimelineEvent {
  const at = new Date().toISOString();
  return {
    kind: 'entry.recorded',
    id,
    conversation: {
      id,
      contactId: id,
      contactName: '王小明',
      identityId: id,
      channel: 'chat',
      account: 'demo',
      address: `visitor-${id}`,
      state: 'open',
      assignee: null,
      lastSeq: 7,
      readSeq: 0,
      unread: 7,
      version: 9,
      previousId: null,
      createdAt: at,
      closedAt: null,
      lastAt: at,
      waitingSince: at,
      preview: { kind: 'message', direction: 'in', text: stampedText(1, 1).slice(0, 200) },
    },
    entry: {
      id,
      conversationId: id,
      contactId: id,
      seq: 7,
      version: 9,
      kind: 'message',
      direction: 'in',
      channel: 'chat',
      account: 'demo',
      author: { kind: 'customer', id, name: '王小明' },
      text: stampedText(1, 1),
      payload: {},
      attachments: [],
      occurredAt: at,
      recordedAt: at,
      orderedAt: 1,
      delivery: null,
    },
  } as unknown as TimelineEvent;
}
