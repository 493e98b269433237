import { MessageReceived } from '@yixian/contracts';
import type { ChannelName } from '@yixian/contracts';
import { entryIdOf } from '@yixian/contracts/node';
import type { Received } from '../channel.ts';
import { storable } from '../storable.ts';

/** Either the event, or what is wrong with what the channel handed over. */
export type Conversion = { ok: true; event: MessageReceived } | { ok: false; why: string };

/**
 * The event that a received message becomes; its id comes from (channel, account, nativeId). A time that is no time
 * (`NaN`, a year beyond 9999) is the time of receipt.
 */
export function toEvent(channel: ChannelName, received: Received, now: number): Conversion {
  const { account, address, nativeId, occurredAt, sender, text, attachments, payload = {} } = received;
  const { thread, subject, relatedTo } = received;
  const parsed = MessageReceived.safeParse(
    storable({
      kind: 'message.received',
      id: entryIdOf(channel, account, String(nativeId)),
      channel,
      account,
      address,
      nativeId,
      occurredAt: timeOf(occurredAt, now),
      receivedAt: timeOf(now, now),
      sender,
      text,
      attachments,
      payload,
      ...(thread !== undefined && { thread }),
      ...(subject !== undefined && { subject }),
      ...(relatedTo !== undefined && { relatedTo }),
    }),
  );
  if (parsed.success) return { ok: true, event: parsed.data };
  const why = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  return { ok: false, why };
}

/** The last millisecond that RFC 3339 can write. */
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

function timeOf(ms: number, now: number): string {
  return new Date(ms >= 0 && ms <= LAST ? ms : now).toISOString();
}
