import type { Payload } from '@yixian/contracts';

/** The payload of a received mail; what is not given is filled in. */
export function aMailPayload(given: Record<string, unknown> = {}): Payload {
  return {
    subject: '订单 12',
    from: { name: '林晓雯', address: 'lin@example.com' },
    to: [{ name: '山岚茶舍', address: 'support@shop.example' }],
    cc: [],
    replyTo: [],
    messageId: '<1@example.com>',
    inReplyTo: null,
    references: [],
    date: '2026-11-21T01:00:00.000Z',
    text: '什么时候发货？',
    html: null,
    visibleText: '什么时候发货？',
    quotedText: '',
    attachments: [],
    auth: null,
    auto: false,
    ...given,
  } as Payload;
}
