import type { MessageReceived } from '@yixian/contracts';
import { entryIdOf } from '@yixian/contracts/node';
import type { AccountId, Address, ChannelName } from '@yixian/contracts';

const channel = 'chat' as ChannelName;
const account = 'bench' as AccountId;
const body = '请问这款茶还有货吗？ I would like two of the small tins, if there are any left. '.repeat(3);

/** Messages of so many customers in no order, 550 bytes of JSON each. The same from run to run. */
export class Messages {
  private count = 0;

  constructor(private readonly customers: number) {}

  batch(size: number): MessageReceived[] {
    return Array.from({ length: size }, () => this.next());
  }

  private next(): MessageReceived {
    const n = this.count++;
    const nativeId = `m${n}`;
    const at = new Date(Date.UTC(2026, 0, 1) + n * 7).toISOString();
    return {
      kind: 'message.received',
      id: entryIdOf(channel, account, nativeId),
      channel,
      account,
      // A full cycle through all customers before one comes again, in no order a cache would like.
      address: `visitor-${(n * 7919) % this.customers}` as Address,
      nativeId,
      occurredAt: at,
      receivedAt: at,
      sender: { name: '王小明', claims: [] },
      text: `${n} ${body}`,
      attachments: [],
      payload: { page: 'https://shop.example/tea' },
    };
  }
}
