import type { Bus, OutgoingEvent } from '@yixian/bus';
import {
  AddressReported,
  customerKey,
  IdentityAsserted,
  newId,
  ReceiptReported,
  SurveyAnswered,
  timestamp,
  topics,
} from '@yixian/contracts';
import type {
  AccountId,
  Address,
  ChannelName,
  Clock,
  DeliveryState,
  EntryId,
  Sender,
  Signal,
} from '@yixian/contracts';
import { entryIdOf } from '@yixian/contracts/node';
import type { MediaStore } from '@yixian/media';
import type { Logger } from 'pino';
import type { Accounts } from './accounts.ts';
import type {
  AccountSettings,
  AllowanceReport,
  ChannelHost,
  ChannelStore,
  Received,
  ReceiveOutcome,
  Transcript,
  TranscriptLine,
} from './channel.ts';
import type { Quarantine } from './receiving/quarantine.ts';
import type { Reception } from './receiving/reception.ts';
import type { Ledger } from './sending/ledger.ts';
import { receiptEvent } from './sending/receipt.ts';
import { storable } from './storable.ts';

export interface HostParts {
  channel: ChannelName;
  bus: Bus;
  clock: Clock;
  log: Logger;
  media: MediaStore;
  accounts: Accounts;
  reception: Reception;
  quarantine: Quarantine;
  ledger: Ledger;
  store: ChannelStore;
  transcript: Transcript;
  onRead(whose: { account: AccountId; address: Address }, lines: TranscriptLine[]): void;
}

/** What the channel sees of its host. */
export class Host implements ChannelHost {
  readonly clock: Clock;
  readonly media: MediaStore;
  readonly store: ChannelStore;
  readonly transcript: Transcript;

  constructor(private readonly parts: HostParts) {
    this.clock = parts.clock;
    this.media = parts.media;
    this.store = parts.store;
    this.transcript = { read: (account, address, range) => this.readTranscript(account, address, range) };
  }

  accounts(): AccountSettings[] {
    return this.parts.accounts.all();
  }

  account(id: AccountId): AccountSettings | undefined {
    return this.parts.accounts.get(id);
  }

  onAccount(changed: (id: AccountId, account: AccountSettings | undefined) => void): void {
    this.parts.accounts.listen(changed);
  }

  receive(received: Received): Promise<ReceiveOutcome> {
    return this.parts.reception.receive(received);
  }

  async quarantine(
    raw: Uint8Array,
    why: string,
    of: { account?: AccountId; nativeId?: string },
  ): Promise<void> {
    const quarantined = await this.parts.quarantine.keep({ form: 'raw', raw, why, ...of });
    this.parts.log.warn({ quarantined, why }, 'Something could not be parsed and was set aside.');
  }

  async assertIdentity(account: AccountId, address: Address, sender: Sender): Promise<void> {
    const { channel } = this.parts;
    const of = { channel, account, address };
    const event = {
      kind: 'identity.asserted',
      id: newId<string>(),
      ...of,
      sender,
      occurredAt: timestamp(this.clock),
    };
    await this.publish(IdentityAsserted.parse(storable(event)));
  }

  async reportAddress(
    account: AccountId,
    address: Address,
    { undeliverable }: Parameters<ChannelHost['reportAddress']>[2],
  ): Promise<void> {
    const { reason, since = this.clock.now() } = undeliverable ?? { reason: '' };
    const at = new Date(since).toISOString();
    await this.reportOf(account, address, {
      undeliverable: undeliverable && { reason: reason.slice(0, 500), at },
    });
  }

  async reportAllowance(
    account: AccountId,
    address: Address,
    allowance: AllowanceReport | null,
  ): Promise<void> {
    const { until = null, left = null, reason = null, alternatives = [] } = allowance ?? {};
    await this.reportOf(account, address, {
      allowance: allowance && {
        until: until === null ? null : new Date(until).toISOString(),
        left,
        reason,
        alternatives,
      },
    });
  }

  /** A receipt for a message that never went through this channel is nobody's, and is dropped with a warning. */
  async report(of: {
    messageId: EntryId;
    state: DeliveryState;
    reason?: string;
    occurredAt?: number;
  }): Promise<void> {
    const [sent] = await this.parts.ledger.endpoints([of.messageId]);
    if (!sent)
      return this.log('warn', 'A receipt names a message that was never sent.', { message: of.messageId });
    const { occurredAt: at = this.clock.now(), ...receipt } = storable(of);
    const nativeId = sent.nativeId ?? undefined;
    const event = receiptEvent({ ...sent, channel: this.parts.channel, nativeId, ...receipt, at });
    await this.publishEvent({ ...event, data: ReceiptReported.parse(event.data) });
  }

  async answerSurvey(answer: Parameters<ChannelHost['answerSurvey']>[0]): Promise<void> {
    const { nativeId, ...rest } = answer;
    const { channel } = this.parts;
    const at = timestamp(this.clock);
    const id = entryIdOf(channel, answer.account, `survey:${nativeId}`);
    const event = { kind: 'survey.answered', id, channel, ...rest, occurredAt: at, receivedAt: at };
    await this.publish(SurveyAnswered.parse(storable(event)));
  }

  signal(signal: Signal): void {
    const key = signal.kind === 'agent.viewing' ? signal.agent.id : customerKey(signal);
    this.publishEvent({ topic: topics.signals, key, data: storable(signal) }).catch((error: unknown) =>
      this.parts.log.debug({ err: error, kind: signal.kind }, 'A signal was lost.'),
    );
  }

  log(
    level: 'debug' | 'info' | 'warn' | 'error',
    message: string,
    detail: Record<string, unknown> = {},
  ): void {
    this.parts.log[level](detail, message);
  }

  private async readTranscript(
    account: AccountId,
    address: Address,
    range: { after?: number; before?: number; limit: number },
  ): Promise<TranscriptLine[]> {
    const lines = await this.parts.transcript.read(account, address, range);
    // Only the newest page says how far the customer has been told.
    if (range.before === undefined) this.parts.onRead({ account, address }, lines);
    return lines;
  }

  private reportOf(
    account: AccountId,
    address: Address,
    known: Pick<AddressReported, 'undeliverable' | 'allowance'>,
  ): Promise<void> {
    const of = { channel: this.parts.channel, account, address };
    const event = { kind: 'address.reported', id: newId<string>(), ...of, ...known };
    return this.publish(AddressReported.parse(storable({ ...event, occurredAt: timestamp(this.clock) })));
  }

  private publish(data: IdentityAsserted | SurveyAnswered | AddressReported): Promise<void> {
    return this.publishEvent({ topic: topics.inbound, key: customerKey(data), data });
  }

  private publishEvent(event: OutgoingEvent): Promise<void> {
    return this.parts.bus.publish([event]);
  }
}
