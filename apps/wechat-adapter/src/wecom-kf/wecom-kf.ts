import type { Received, Sent } from '@yixian/channel';
import type {
  AccountFinding,
  Address,
  Attachment,
  ConversationShown,
  EntryId,
  Payload,
  SendMessage,
} from '@yixian/contracts';
import type { Account } from '../account.ts';
import { SendBudget } from '../budget/send-budget.ts';
import { CallbackDoor } from '../callback/callback-door.ts';
import type { CallbackQuery } from '../callback/callback-door.ts';
import { textIn } from '../callback/fields.ts';
import type { Fields } from '../callback/fields.ts';
import type { MediaRef } from '../media-ref.ts';
import { MediaMissing } from '../provider.ts';
import type { Capabilities, Sink, WechatProvider } from '../provider.ts';
import type { ProviderMeans } from '../provider-means.ts';
import { Performer } from '../sending/performer.ts';
import { replyIn } from '../sending/reply-payload.ts';
import { CallbacksSeen } from '../standing/callbacks-seen.ts';
import { callbackSeen, goodToken, kfAccount, refusedToken } from '../standing/to-findings.ts';
import { TokenProbe, WHILE_SOMEBODY_LOOKS } from '../standing/token-probe.ts';
import { keepMedia } from '../tencent/keep-media.ts';
import { deliveryErrorOf } from '../tencent/refusals.ts';
import type { Answer } from '../tencent/tencent-api.ts';
import { TencentRefused } from '../tencent/tencent-refused.ts';
import { Customers } from './customers.ts';
import { fromKfMessage } from './from-kf-message.ts';
import type { KfItem } from './from-kf-message.ts';
import { kfMessageId } from './kf-message-id.ts';
import { MessagePull } from './message-pull.ts';
import { isWrongState, Sessions } from './sessions.ts';
import { satisfactionMenu, toKfMessage } from './to-kf-message.ts';
import { WecomApi } from './wecom-api.ts';

const SUCCESS = 'success';
const SEND = 'cgi-bin/kf/send_msg';
const SEND_ON_EVENT = 'cgi-bin/kf/send_msg_on_event';
/** Tencent hangs up after 5 s; what is not fetched by then, is fetched all the same, in ms. */
const ANSWER_AFTER = 4_000;
/** A file is tried this often while the messages behind it wait. */
const MEDIA_TRIES = 3;
/** A welcome may be sent for 20 s, in ms. */
const WELCOME_WITHIN = 18_000;

/** WeCom customer service (微信客服), by Tencent's own API. */
export class WecomKf implements WechatProvider {
  readonly door: CallbackDoor;
  readonly api: WecomApi;
  private readonly sessions: Sessions;
  private readonly budget: SendBudget;
  private readonly performer: Performer;
  private readonly messages: MessagePull;
  private readonly customers: Customers;
  private readonly seen: CallbacksSeen;
  private readonly probe: TokenProbe<string | undefined>;
  private sink: Sink | undefined;

  constructor(
    private readonly account: Account,
    private readonly means: ProviderMeans,
  ) {
    const { host } = means;
    const { id, token, encodingAesKey, corpId } = account;
    this.door = new CallbackDoor({ account: id, token, encodingAesKey, receiver: corpId }, host);
    this.api = new WecomApi(account, host, means.apiUrl);
    this.sessions = new Sessions(account, host, this.api);
    this.budget = new SendBudget(host, means.rules);
    this.customers = new Customers(account, host, this.api);
    this.messages = new MessagePull(account, host, this.api, (item) => this.take(item));
    this.seen = new CallbacksSeen(id, host);
    this.probe = new TokenProbe(host.clock, () => this.ownName());
    this.performer = new Performer({
      host,
      budget: this.budget,
      // WeCom knows a message by our id: sent again, it is the same one.
      repeatable: true,
      upload: (file, type, content) => this.api.upload({ content, name: file.name, type: file.type }, type),
      perform: (_, body) => this.perform(body),
    });
  }

  async start(sink: Sink): Promise<void> {
    this.sink = sink;
    this.messages.start();
  }

  async stop(): Promise<void> {
    await this.messages.stop();
    this.sink = undefined;
  }

  /** Whether a callback of our corp is about this account. One address serves all accounts of a corp. */
  serves(corpId: string, openKfId: string): boolean {
    return corpId === this.account.corpId && openKfId === this.account.openKfId;
  }

  /** Says whose callback it is, once it is known to be Tencent's: `[corp, account of customer service, token]`. */
  async opened(
    query: CallbackQuery,
    body: Uint8Array,
  ): Promise<{ corpId: string; openKfId: string; token: string }> {
    const fields = this.door.open(query, body);
    await this.door.admit(query, body);
    return {
      corpId: this.account.corpId,
      openKfId: textIn(fields, 'OpenKfId'),
      token: textIn(fields, 'Token'),
    };
  }

  async push(query: CallbackQuery, body: Uint8Array): Promise<string> {
    const { corpId, openKfId, token } = await this.opened(query, body);
    const whose = this.serves(corpId, openKfId) ? this : this.means.sibling?.(corpId, openKfId);
    await whose?.fetch(token);
    return SUCCESS;
  }

  async standing(): Promise<AccountFinding[]> {
    const asked = await this.probe.outcome().then(
      (name) => [goodToken, kfAccount(name)],
      (error: unknown) => [refusedToken(error)],
    );
    return [...asked, callbackSeen(await this.seen.last(), this.means.host.clock.now(), this.account.id)];
  }

  /**
   * Tencent called about this account: fetches what there is; resolves after a while even if that is much: nothing is
   * lost, the cursor is kept.
   */
  fetch(token: string): Promise<void> {
    const { clock } = this.means.host;
    this.seen.note();
    return new Promise((resolve, reject) => {
      const cancel = clock.after(ANSWER_AFTER, resolve);
      this.messages.pull(token).then(resolve, reject).finally(cancel);
    });
  }

  async send(message: SendMessage): Promise<Sent> {
    const { account, address } = message;
    const reply = replyIn(message.payload);
    if (reply.type === 'handover') return this.handOver(message, reply.userId);
    const parts = toKfMessage(message, this.account.openKfId);
    await this.keepSession(address);
    await this.performer.send({ account, address }, parts);
    return { state: 'sent', nativeId: kfMessageId(message.id, 0) };
  }

  /** The conversation is over: WeCom is told, and the customer asked, if so wished. */
  async onClosed({ address, conversationId }: ConversationShown): Promise<void> {
    const code = await this.sessions.end(address);
    if (!code || !this.account.survey) return;
    const msgid = kfMessageId(conversationId, 99);
    await this.onEvent({ code, msgid, msgtype: 'msgmenu', msgmenu: satisfactionMenu(conversationId) });
  }

  fetchMedia(ref: MediaRef): Promise<Attachment> {
    return keepMedia(ref, { api: this.api, host: this.means.host });
  }

  capabilities(): Capabilities {
    const cards = ['news', 'menu', 'miniprogram', 'location', 'handover'];
    return { files: ['image', 'voice', 'video', 'file'], cards, typing: false, groups: false };
  }

  /**
   * What our account of customer service is called, among the first hundred of the corp; `undefined` when it is not there.
   * https://developer.work.weixin.qq.com/document/path/94661
   */
  private async ownName(): Promise<string | undefined> {
    const body = { offset: 0, limit: 100 };
    const { account_list: all } = await this.api.call({
      path: 'cgi-bin/kf/account/list',
      body,
      patience: WHILE_SOMEBODY_LOOKS,
    });
    const accounts = Array.isArray(all) ? (all as Payload[]) : [];
    const own = accounts.find(({ open_kfid: id }) => id === this.account.openKfId);
    return own && String(own.name);
  }

  private async take(fields: Fields): Promise<void> {
    const item = fromKfMessage(fields);
    if (!item) {
      const raw = Buffer.from(JSON.stringify(fields));
      return this.means.host.quarantine(raw, 'It has no msgid.', { account: this.account.id });
    }
    if (item.customer) await this.record(item);
    await this.act(item);
  }

  private async record(item: KfItem): Promise<void> {
    const { attachments, missing } = await this.filesOf(item);
    const address = item.customer as Address;
    const received: Received = {
      account: this.account.id,
      address,
      nativeId: item.nativeId,
      occurredAt: item.at,
      sender: { claims: [], ...sourceOf(item.wechat) },
      text: item.text,
      attachments,
      payload: { wechat: { ...item.wechat, ...(missing && { missing }) } },
    };
    const customer = { account: this.account.id, address };
    const opening = { opening: 'message' as const, at: item.at, by: item.nativeId };
    const [outcome] = await Promise.all([
      this.sink?.(received),
      item.opens && this.budget.open(customer, opening),
    ]);
    if (!outcome || (!outcome.accepted && outcome.retry)) throw new NotDurable();
    this.customers.learn(address);
  }

  private async filesOf({ media }: KfItem): Promise<{ attachments: Attachment[]; missing?: string }> {
    if (!media) return { attachments: [] };
    for (let tries = 1; ; tries++) {
      try {
        return { attachments: [await this.fetchMedia(media)] };
      } catch (error) {
        if (!(error instanceof MediaMissing)) throw error;
        if (!error.retryable || tries === MEDIA_TRIES) return { attachments: [], missing: error.code };
      }
    }
  }

  private async act({ act, at, nativeId, customer }: KfItem): Promise<void> {
    const { host } = this.means;
    if (act?.do === 'rate') await this.rate(act, { customer: customer as Address, nativeId });
    if (act?.do === 'fail')
      await host.report({ messageId: act.messageId as EntryId, state: 'failed', reason: act.reason });
    if (act?.do === 'welcome' && this.account.welcome && host.clock.now() - at < WELCOME_WITHIN)
      await this.say(act.code, this.account.welcome, `w-${nativeId}`);
  }

  private rate(
    { conversationId, score }: Extract<KfItem['act'], { do: 'rate' }>,
    { customer: address, nativeId }: { customer: Address; nativeId: string },
  ): Promise<void> {
    const account = this.account.id;
    return this.means.host.answerSurvey({ account, address, conversationId, score, text: '', nativeId });
  }

  private async keepSession(address: Address): Promise<void> {
    try {
      await this.sessions.keep(address);
    } catch (error) {
      throw deliveryErrorOf(error, { repeatable: true });
    }
  }

  private async perform(body: Payload): Promise<Answer> {
    try {
      return await this.api.call({ path: SEND, body });
    } catch (error) {
      if (isKnownAlready(error)) return {};
      if (!isWrongState(error)) throw error;
      // It ended since we looked: a new one may begin with us.
      await this.sessions.forget(body.touser as Address);
      await this.sessions.keep(body.touser as Address);
      return this.api.call({ path: SEND, body });
    }
  }

  private async handOver({ address, id }: SendMessage, userId: string | undefined): Promise<Sent> {
    const notice = userId ? this.account.handoverNotice : this.account.queueNotice;
    try {
      const code = await this.sessions.handOver(address, userId);
      if (code && notice) await this.say(code, notice, kfMessageId(id, 0));
      return { state: 'delivered' };
    } catch (error) {
      throw deliveryErrorOf(error, { repeatable: true });
    }
  }

  private say(code: string, content: string, msgid: string): Promise<void> {
    return this.onEvent({
      code,
      msgid: msgid.replace(/[^\w-]/g, '').slice(0, 32),
      msgtype: 'text',
      text: { content },
    });
  }

  /** A word that an event allows, once, shortly after it. Nothing depends on it. */
  private async onEvent(body: Payload): Promise<void> {
    try {
      await this.api.call({ path: SEND_ON_EVENT, body });
    } catch (error) {
      this.means.host.log('info', 'A word on an event was not sent.', {
        account: this.account.id,
        error: String(error),
      });
    }
  }
}

/** Nothing durable could be had: the cursor stays where it is. */
class NotDurable extends Error {
  readonly code = 'unavailable';
  readonly retryable = true;
}

/** It was sent with this id before, and we did not hear of it. */
const isKnownAlready = (error: unknown): boolean =>
  error instanceof TencentRefused && /msgid.*(repeat|duplicat|exist)/i.test(error.message);

/** Which link or code a customer came by. */
function sourceOf({ scene, sceneParam }: Payload): { attributes?: Payload } {
  if (typeof scene !== 'string') return {};
  return {
    attributes: { source: scene, ...(typeof sceneParam === 'string' && { sourceDetail: sceneParam }) },
  };
}
