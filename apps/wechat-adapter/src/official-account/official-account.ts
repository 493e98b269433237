import type { Received, Sent } from '@yixian/channel';
import type { AccountFinding, Address, Attachment, Payload, SendMessage } from '@yixian/contracts';
import type { Account } from '../account.ts';
import { BindPictures } from '../binding/bind-pictures.ts';
import { ScannedCodes } from '../binding/scanned-codes.ts';
import { SendBudget } from '../budget/send-budget.ts';
import type { Opening } from '../budget/send-rules.ts';
import { CallbackDoor } from '../callback/callback-door.ts';
import type { CallbackQuery } from '../callback/callback-door.ts';
import type { MediaRef } from '../media-ref.ts';
import type { Capabilities, Sink, WechatProvider } from '../provider.ts';
import type { ProviderMeans } from '../provider-means.ts';
import { filesOf } from '../receiving-media.ts';
import type { Fetched } from '../receiving-media.ts';
import { Performer } from '../sending/performer.ts';
import { SerialByKey } from '../serial-by-key.ts';
import { CallbacksSeen } from '../standing/callbacks-seen.ts';
import { callbackSeen, goodToken, refusedToken } from '../standing/to-findings.ts';
import { TokenProbe, WHILE_SOMEBODY_LOOKS } from '../standing/token-probe.ts';
import { keepMedia } from '../tencent/keep-media.ts';
import { fromPush } from './from-push.ts';
import type { Pushed } from './from-push.ts';
import { NoticeJobs } from './notice-jobs.ts';
import { OfficialAccountApi } from './official-account-api.ts';
import { Profiles } from './profiles.ts';
import { toCustomMessage } from './to-custom-message.ts';
import { Typing } from './typing.ts';

/** What Tencent wants to hear; anything else makes it ask again. */
const SUCCESS = 'success';
const CUSTOM = 'cgi-bin/message/custom/send';

const openings: Record<string, Opening> = { click: 'menu', subscribe: 'subscribe', scan: 'scan' };

interface OfficialAccountMeans extends ProviderMeans {
  /** Signs the codes that bind a customer of another channel: see `BindCodes`. */
  bindKey: Buffer;
}

/** A service or subscription account, by Tencent's own API. */
export class OfficialAccount implements WechatProvider {
  readonly door: CallbackDoor;
  readonly api: OfficialAccountApi;
  readonly typing: Typing;
  readonly binding: { codes: ScannedCodes; pictures: BindPictures };
  private readonly budget: SendBudget;
  private readonly performer: Performer;
  private readonly profiles: Profiles;
  private readonly jobs: NoticeJobs;
  private readonly seen: CallbacksSeen;
  private readonly probe: TokenProbe<unknown>;
  private readonly customers = new SerialByKey();
  /** What Tencent asks again while it is still being taken in joins the first. */
  private readonly underWay = new Map<string, Promise<void>>();
  private sink: Sink | undefined;

  constructor(
    private readonly account: Account,
    private readonly means: OfficialAccountMeans,
  ) {
    const { host } = means;
    const { id, token, encodingAesKey, appId } = account;
    this.door = new CallbackDoor({ account: id, token, encodingAesKey, receiver: appId }, host);
    this.api = new OfficialAccountApi(account, host, means.apiUrl);
    this.binding = {
      codes: new ScannedCodes(account, means),
      pictures: new BindPictures(this.api, host),
    };
    this.budget = new SendBudget(host, means.rules);
    this.jobs = new NoticeJobs(account.id, host);
    this.seen = new CallbacksSeen(account.id, host);
    // https://developers.weixin.qq.com/doc/service/api/base/api_getapidomainip.html
    this.probe = new TokenProbe(host.clock, () =>
      this.api.call({ path: 'cgi-bin/get_api_domain_ip', patience: WHILE_SOMEBODY_LOOKS }),
    );
    this.profiles = new Profiles(
      account,
      host,
      (scene) => this.binding.codes.nameOf(scene),
      (openId) => this.api.call({ path: 'cgi-bin/user/info', query: { openid: openId, lang: 'zh_CN' } }),
    );
    this.typing = new Typing(account.id, host, this.budget, (openId) =>
      this.api.call({ path: 'cgi-bin/message/custom/typing', body: { touser: openId, command: 'Typing' } }),
    );
    this.performer = new Performer({
      host,
      budget: this.budget,
      repeatable: false,
      upload: (file, type, content) => this.api.upload({ content, name: file.name, type: file.type }, type),
      perform: ({ path = CUSTOM }, body) => this.api.call({ path, body }),
    });
  }

  async start(sink: Sink): Promise<void> {
    this.sink = sink;
  }

  async stop(): Promise<void> {
    this.sink = undefined;
    await Promise.allSettled(this.underWay.values());
  }

  /** Takes a push. Resolves with the answer once it is durable; rejects when it shall come again. */
  async push(query: CallbackQuery, body: Uint8Array): Promise<string> {
    const fields = this.door.open(query, body);
    const pushed = fromPush(fields);
    // In the order of arrival, from here on: nothing is awaited before the customer's turn is taken.
    await this.once(pushed?.nativeId, () =>
      this.customers.run(pushed?.openId ?? '', async () => {
        await this.door.admit(query, body);
        this.seen.note();
        if (pushed) await this.takeIn(pushed);
        else
          await this.means.host.quarantine(body, 'It names no sender or no type.', {
            account: this.account.id,
          });
      }),
    );
    return SUCCESS;
  }

  async send(message: SendMessage): Promise<Sent> {
    const { account, address } = message;
    const parts = toCustomMessage(message, this.means.linkTo);
    const [answer] = await this.performer.send({ account, address }, parts);
    const jobId = answer?.msgid === undefined ? undefined : String(answer.msgid);
    if (jobId && parts.some(({ free }) => free)) await this.jobs.remember(jobId, message.id);
    return { state: 'sent', ...(jobId && { nativeId: jobId }) };
  }

  fetchMedia(ref: MediaRef): Promise<Attachment> {
    return keepMedia(ref, { api: this.api, host: this.means.host });
  }

  capabilities(): Capabilities {
    const cards = ['news', 'menu', 'miniprogram', 'template', 'notice'];
    return { files: ['image', 'voice', 'video'], cards, typing: true, groups: false };
  }

  async standing(): Promise<AccountFinding[]> {
    const { clock } = this.means.host;
    const token = await this.probe.outcome().then(() => goodToken, refusedToken);
    return [token, callbackSeen(await this.seen.last(), clock.now(), this.account.id)];
  }

  private async takeIn(pushed: Pushed): Promise<void> {
    const { host } = this.means;
    const files = await filesOf(pushed, { clock: host.clock, fetch: (ref) => this.fetchMedia(ref) });
    const received = this.receivedOf(pushed, files);
    const [outcome] = await Promise.all([this.sink?.(received), this.open(pushed)]);
    if (!outcome || (!outcome.accepted && outcome.retry)) throw new TencentMustAskAgain();
    await this.followUp(pushed);
  }

  private receivedOf(pushed: Pushed, { attachments, missing }: Fetched): Received {
    return {
      account: this.account.id,
      address: pushed.openId as Address,
      nativeId: pushed.nativeId,
      occurredAt: pushed.at,
      sender: { claims: [] },
      text: pushed.text,
      attachments,
      payload: { wechat: { ...pushed.wechat, ...this.sceneOf(pushed), ...(missing && { missing }) } },
    };
  }

  private sceneOf({ wechat: { scene } }: Pushed): Payload {
    return typeof scene === 'string' ? { scene: this.binding.codes.nameOf(scene) } : {};
  }

  /** What the customer did lets us write to them for a while. */
  private async open({ openId, wechat, at, nativeId: by }: Pushed): Promise<void> {
    const opening = wechat.type === 'event' ? openings[String(wechat.event)] : 'message';
    const customer = { account: this.account.id, address: openId as Address };
    if (opening) await this.budget.open(customer, { opening, at, by });
  }

  /** What else an event says. Nobody waits for it but the events that say so themselves. */
  private async followUp({ openId, wechat }: Pushed): Promise<void> {
    const { host } = this.means;
    const customer = openId as Address;
    if (wechat.event === 'template_finished')
      await this.jobs.finished(String(wechat.jobId), String(wechat.status));
    if (wechat.event === 'unsubscribe')
      await host.reportAddress(this.account.id, customer, { undeliverable: { reason: 'not_subscribed' } });
    if (wechat.event === 'subscribe')
      await host.reportAddress(this.account.id, customer, { undeliverable: null });
    if (typeof wechat.scene === 'string') await this.binding.codes.scanned(customer, wechat.scene);
    if (wechat.event !== 'unsubscribe' && wechat.event !== 'mass_finished') this.profiles.learn(customer);
  }

  private async once(id: string | undefined, work: () => Promise<void>): Promise<void> {
    if (!id) return work();
    const running = this.underWay.get(id);
    if (running) return running;
    const begun = work().finally(() => this.underWay.delete(id));
    this.underWay.set(id, begun);
    return begun;
  }
}

/** Nothing durable could be had: no `success`, so that Tencent comes again. */
export class TencentMustAskAgain extends Error {
  readonly code = 'unavailable';
  readonly retryable = true;
}
