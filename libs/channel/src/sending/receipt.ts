import type {
  AccountId,
  Address,
  ChannelName,
  DeliveryState,
  EntryId,
  ReceiptReported,
} from '@yixian/contracts';
import { customerKey, topics } from '@yixian/contracts';
import { derivedId } from '@yixian/contracts/node';
import type { OutgoingEvent } from '@yixian/bus';

export interface Receipt {
  channel: ChannelName;
  account: AccountId;
  address: Address;
  messageId: EntryId;
  nativeId?: string;
  state: DeliveryState;
  reason?: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** The event that tells the hub what became of a message. The same word, the same id, however often it is said. */
export function receiptEvent({ at, nativeId, reason, ...receipt }: Receipt): OutgoingEvent {
  const data: ReceiptReported = {
    kind: 'receipt.reported',
    id: derivedId('receipt', receipt.messageId, receipt.state),
    ...receipt,
    ...(nativeId !== undefined && { nativeId }),
    ...(reason !== undefined && { reason: reason.slice(0, 500) }),
    occurredAt: new Date(at).toISOString(),
  };
  return { topic: topics.inbound, key: customerKey(data), data };
}
