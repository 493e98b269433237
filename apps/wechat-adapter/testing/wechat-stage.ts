import type {
  AccountId,
  Address,
  ChannelName,
  EntryId,
  InboundEvent,
  Payload,
  SendMessage,
} from '@yixian/contracts';
import { customerKey, newId, outboundTopic, systemClock, timestamp, topics } from '@yixian/contracts';
import type { Clock } from '@yixian/contracts';
import { eventually } from '@yixian/contracts/testing';
import { BUS, MEDIA, METRICS } from '@yixian/service';
import { startTestApps } from '@yixian/service/testing';
import { wechatAdapter, WechatChannel } from '../src/index.ts';
import { AES_KEY, officialAccountPeer, officialAccountSettings } from './official-account-world.ts';
import { FakeTencent } from './tencent/fake-tencent.ts';
import type { OfficialAccountPeer } from './tencent/official-account-peer.ts';

const wechat = 'wechat' as ChannelName;

interface SomeBus {
  publish(events: object[]): Promise<void>;
  subscribe(subscription: object): Promise<{ ready: Promise<void> }>;
}
type MessageReceived = Extract<InboundEvent, { kind: 'message.received' }>;

/** The adapter as a running service, a fake Tencent on the one side, the hub's side of the bus in the test's hands. */
export class WechatStage {
  readonly inbound: InboundEvent[] = [];
  private version = 0;

  private constructor(
    readonly tencent: FakeTencent,
    private readonly running: Awaited<ReturnType<typeof startTestApps>>,
  ) {}

  static async open({
    clock,
    env = {},
  }: { clock?: Clock; env?: Record<string, string> } = {}): Promise<WechatStage> {
    const tencent = await FakeTencent.open();
    const urls = { WECHAT_API_URL: tencent.urlOf('oa'), WECOM_API_URL: tencent.urlOf('wecom') };
    const running = await startTestApps([wechatAdapter], {
      env: { ...urls, ...env },
      ...(clock && { clock }),
    });
    const stage = new WechatStage(tencent, running);
    const handler = async ({ events }: { events: { data: InboundEvent }[] }) =>
      void stage.inbound.push(...events.map(({ data }) => data));
    await (
      await stage.bus.subscribe({ topic: topics.inbound, delivery: 'every', handler })
    ).ready;
    return stage;
  }

  get channel(): WechatChannel {
    return this.running.get(WechatChannel);
  }

  get url(): string {
    return this.running.url;
  }

  /** An official account and its peer, ready to be pushed to. */
  async officialAccount(
    id: string,
    of: { encodingAesKey?: string; format?: 'xml' | 'json'; settings?: Payload } = {},
  ): Promise<OfficialAccountPeer> {
    const { encodingAesKey = AES_KEY, format, settings } = of;
    const peer = officialAccountPeer({
      url: `${this.url}/wechat/${id}`,
      encodingAesKey,
      ...(format && { format }),
    });
    this.tencent.add('oa', peer);
    await this.account(id, { ...officialAccountSettings(encodingAesKey), ...settings });
    return peer;
  }

  /** The hub makes or changes an account. */
  async account(id: string, settings: Payload): Promise<void> {
    const data = {
      kind: 'account.changed',
      id: newId(),
      account: id,
      channel: wechat,
      name: '山岚茶舍',
      settings,
      enabled: true,
      removed: false,
      version: ++this.version,
      at: timestamp(systemClock),
    };
    await this.bus.publish([{ topic: topics.accounts, key: id, data }]);
    await eventually(() => this.running.get(WechatChannel).provider(id as AccountId) !== undefined);
  }

  /** An agent's reply. */
  async reply(
    to: { account: string; address: string },
    text: string,
    more: Partial<Pick<SendMessage, 'attachments' | 'payload'>> = {},
  ): Promise<EntryId> {
    const id = newId<EntryId>();
    const data: SendMessage = {
      kind: 'message.send',
      id,
      channel: wechat,
      account: to.account as AccountId,
      address: to.address as Address,
      conversationId: newId(),
      author: { kind: 'agent', name: '小敏' },
      text,
      attachments: [],
      payload: {},
      createdAt: timestamp(systemClock),
      ...more,
    };
    await this.command(data);
    return id;
  }

  async command(data: object & Pick<SendMessage, 'channel' | 'account' | 'address'>): Promise<void> {
    await this.bus.publish([{ topic: outboundTopic(wechat), key: customerKey(data), data }]);
  }

  async signal(signal: object): Promise<void> {
    await this.bus.publish([{ topic: topics.signals, key: 'test', data: signal }]);
  }

  /** What was told of a reply, in order. */
  receipts(id: EntryId): { state: string; reason?: string | undefined }[] {
    return this.inbound.flatMap((event) =>
      event.kind === 'receipt.reported' && event.messageId === id
        ? [{ state: event.state, reason: event.reason }]
        : [],
    );
  }

  messages(account: string, address?: string): MessageReceived[] {
    return this.inbound.filter(
      (event): event is MessageReceived =>
        event.kind === 'message.received' &&
        event.account === account &&
        (!address || event.address === address),
    );
  }

  /** What was last said of how much may be written. */
  allowance(address: string) {
    return this.inbound
      .flatMap((event) =>
        event.kind === 'address.reported' && event.address === address && event.allowance !== undefined
          ? [event.allowance]
          : [],
      )
      .at(-1);
  }

  /** How often callbacks came to this end. */
  async count(outcome: string): Promise<number> {
    const metrics = this.running.get<{ metrics(): Promise<string> }>(METRICS);
    const line = new RegExp(`^yixian_wechat_callbacks_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm');
    return Number(line.exec(await metrics.metrics())?.[1] ?? 0);
  }

  get media() {
    return this.running.get<import('@yixian/media').MediaStore>(MEDIA);
  }

  async close(): Promise<void> {
    await this.running.stop();
    await this.tencent.close();
  }

  private get bus(): SomeBus {
    return this.running.get<SomeBus>(BUS);
  }
}
