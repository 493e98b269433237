import { randomBytes } from 'node:crypto';
import type { Clock } from '@yixian/contracts';
import { Files } from './files.ts';
import type { PeerFile } from './files.ts';
import { PeerError } from './peer-error.ts';
import { push } from './push.ts';
import type { Pushed, PushTarget } from './push.ts';
import { SendWindow } from './send-window.ts';
import { Tokens } from './tokens.ts';
import type { Tree } from './write-xml.ts';
import { writeXml } from './write-xml.ts';

type Json = Record<string, unknown>;

/** Somebody who writes to customer service. */
export class KfCustomer {
  /** 0 new, 1 assistant, 2 pool, 3 person, 4 ended. */
  state = 0;
  readonly received: Json[] = [];
  readonly window: SendWindow;

  constructor(
    readonly id: string,
    clock: Clock,
  ) {
    this.window = new SendWindow(clock);
  }

  get texts(): string[] {
    return this.received.flatMap(({ text }) => (text ? [(text as { content: string }).content] : []));
  }
}

export interface WecomOptions extends PushTarget {
  corpSecret: string;
  openKfId: string;
  clock: Clock;
  /** False: customers may be written to at any time. For tests of other things. */
  enforces?: boolean;
}

/** Which state may become which, by https://developer.work.weixin.qq.com/document/path/94698 */
const moves: Record<number, number[]> = { 0: [1, 2, 3, 4], 1: [2, 3, 4], 2: [3, 4], 3: [3, 4], 4: [] };
/** For how long a code allows a word: of a welcome and of an end 20 s, of a hand-over 48 h. */
const CODE_LIFETIME = 20_000;
const QUEUE_CODE_LIFETIME = 48 * 3_600_000;

/** One account of WeCom customer service as Tencent keeps it. */
export class WecomPeer {
  readonly customers = new Map<string, KfCustomer>();
  readonly tokens: Tokens;
  readonly files = new Files();
  readonly refusals: number[] = [];
  /** What sync_msg has to give, oldest first. */
  readonly log: Json[] = [];
  /** The most it gives at once. */
  page = 1000;
  private readonly codes = new Map<string, { customer: string; until: number }>();
  private readonly messageIds = new Set<string>();
  private readonly syncTokens = new Set<string>();
  private readonly epoch = randomBytes(6).toString('hex');
  private count = 0;

  constructor(readonly options: WecomOptions) {
    this.tokens = new Tokens(options.clock);
  }

  customer(id: string): KfCustomer {
    const known = this.customers.get(id);
    if (known) return known;
    const made = new KfCustomer(id, this.options.clock);
    this.customers.set(id, made);
    return made;
  }

  /** The customer writes; Tencent calls us, unless `quiet`. */
  async says(
    id: string,
    type: string,
    content: Tree,
    of: { msgId?: string; quiet?: boolean } = {},
  ): Promise<Pushed> {
    const customer = this.customer(id);
    if (customer.state === 4) customer.state = 0;
    customer.window.open('message');
    this.record({ msgid: of.msgId, origin: 3, external_userid: id, msgtype: type, [type]: content });
    return of.quiet ? { tries: [], acknowledged: false } : this.call();
  }

  /** Something happens that is no message. */
  async happens(event: Json, { quiet = false } = {}): Promise<Pushed> {
    this.record({ origin: 4, msgtype: 'event', event: { open_kfid: this.options.openKfId, ...event } });
    return quiet ? { tries: [], acknowledged: false } : this.call();
  }

  /** The customer opens the conversation, by a link that says where. */
  enters(id: string, scene = '', sceneParam = ''): Promise<Pushed> {
    this.customer(id);
    const code = this.newCode(id);
    const event = { event_type: 'enter_session', external_userid: id, scene, scene_param: sceneParam };
    return this.happens({ ...event, welcome_code: code });
  }

  /** Tells the adapter that there is something to fetch. */
  call(): Promise<Pushed> {
    return push(this.options, this.callMessage(), this.options.clock);
  }

  /** What Tencent says when it calls. */
  callMessage(): string {
    const token = randomBytes(16).toString('hex');
    this.syncTokens.add(token);
    const seconds = Math.floor(this.options.clock.now() / 1000);
    const tree: Tree = {
      ToUserName: this.options.receiver,
      CreateTime: seconds,
      MsgType: 'event',
      Event: 'kf_msg_or_event',
      Token: token,
      OpenKfId: this.options.openKfId,
    };
    return `<xml>${writeXml(tree)}</xml>`;
  }

  /** Answers a request to `path` of the API. Throws {@link PeerError}. */
  answer(path: string, query: URLSearchParams, body: Json, file?: PeerFile): Json | PeerFile {
    if (path === 'cgi-bin/gettoken') return this.token(query);
    this.tokens.check(query.get('access_token'));
    switch (path) {
      case 'cgi-bin/media/upload':
        return this.files.upload(query.get('type') ?? '', file!);
      case 'cgi-bin/media/get':
        return this.files.get(query.get('media_id'));
      case 'cgi-bin/kf/account/list':
        return this.accounts(body);
      case 'cgi-bin/kf/sync_msg':
        return this.sync(body);
      case 'cgi-bin/kf/send_msg':
        return this.take(body);
      case 'cgi-bin/kf/send_msg_on_event':
        return this.takeOnEvent(body);
      case 'cgi-bin/kf/service_state/get':
        return { errcode: 0, errmsg: 'ok', service_state: this.known(body).state };
      case 'cgi-bin/kf/service_state/trans':
        return this.move(body);
      case 'cgi-bin/kf/customer/batchget':
        return this.profiles(body);
    }
    throw new PeerError(40066, `invalid url ${path}`);
  }

  private record(item: Json): void {
    if (item.msgid !== undefined && this.log.some(({ msgid }) => msgid === item.msgid)) return;
    const seconds = Math.floor(this.options.clock.now() / 1000);
    const msgid = item.msgid ?? `kf-${++this.count}-${randomBytes(6).toString('hex')}`;
    this.log.push({ open_kfid: this.options.openKfId, send_time: seconds, ...item, msgid });
  }

  private token(query: URLSearchParams): Json {
    if (query.get('corpid') !== this.options.receiver) throw new PeerError(40013, 'invalid corpid');
    if (query.get('corpsecret') !== this.options.corpSecret) throw new PeerError(40001, 'invalid credential');
    return { errcode: 0, errmsg: 'ok', ...this.tokens.give() };
  }

  private accounts({ offset }: Json): Json {
    const own = { open_kfid: this.options.openKfId, name: '山岚茶舍', avatar: '', manage_privilege: true };
    return { errcode: 0, errmsg: 'ok', account_list: Number(offset) > 0 ? [] : [own] };
  }

  private sync({ cursor, token, limit, open_kfid: id }: Json): Json {
    if (id !== this.options.openKfId) throw new PeerError(95000, 'invalid open_kfid');
    if (token !== undefined && !this.syncTokens.has(String(token)))
      throw new PeerError(95007, 'invalid msg token');
    // A cursor of before, of another life of ours, begins again.
    const [, epoch, position] = /^(\w+)-(\d+)$/.exec(String(cursor ?? '')) ?? [];
    const from = epoch === this.epoch ? Number(position) : 0;
    const list = this.log.slice(from, from + Math.min(Number(limit ?? 1000), this.page));
    const next = from + list.length;
    const more = next < this.log.length ? 1 : 0;
    return { errcode: 0, errmsg: 'ok', next_cursor: `${this.epoch}-${next}`, has_more: more, msg_list: list };
  }

  private known(body: Json): KfCustomer {
    const id = String(body.external_userid ?? body.touser);
    const customer = this.customers.get(id);
    if (customer) return customer;
    if (this.options.enforces === false) return this.customer(id);
    throw new PeerError(40096, 'invalid external userid');
  }

  private take(body: Json): Json {
    const customer = this.known(body);
    if (body.open_kfid !== this.options.openKfId) throw new PeerError(95000, 'invalid open_kfid');
    const content = body[String(body.msgtype)] as Json | undefined;
    if (!content) throw new PeerError(40008, 'invalid message type');
    if (body.msgtype === 'text' && Buffer.byteLength(String(content.content)) > 2048)
      throw new PeerError(45002, 'content size out of limit');
    for (const name of ['media_id', 'thumb_media_id'])
      if (content[name]) this.files.get(String(content[name]));
    if (![0, 1].includes(customer.state)) throw new PeerError(95018, 'send msg session status invalid');
    const id = this.uniqueId(body.msgid);
    if (this.options.enforces !== false) this.refuse(customer.window.spend());
    this.messageIds.add(id);
    customer.received.push(body);
    return { errcode: 0, errmsg: 'ok', msgid: id };
  }

  /** A message id of the caller's must be its own: used twice, it is refused. */
  private uniqueId(given: unknown): string {
    const id = given === undefined ? randomBytes(12).toString('hex') : String(given);
    if (!/^[0-9a-zA-Z_-]{1,32}$/.test(id)) throw new PeerError(40058, 'invalid msgid');
    if (this.messageIds.has(id)) throw new PeerError(95032, 'msgid repeated');
    return id;
  }

  private refuse(code: 0 | 45015 | 45047): void {
    if (code === 0) return;
    const ours = code === 45015 ? 95002 : 95001;
    this.refusals.push(ours);
    throw new PeerError(ours, 'refused by the rules of sending');
  }

  private takeOnEvent(body: Json): Json {
    const code = this.codes.get(String(body.code));
    if (!code || code.until < this.options.clock.now()) throw new PeerError(95019, 'invalid code');
    this.codes.delete(String(body.code));
    this.customer(code.customer).received.push(body);
    return { errcode: 0, errmsg: 'ok', msgid: body.msgid };
  }

  private newCode(customer: string, lifetime = CODE_LIFETIME): string {
    const code = randomBytes(12).toString('hex');
    this.codes.set(code, { customer, until: this.options.clock.now() + lifetime });
    return code;
  }

  private move(body: Json): Json {
    const customer = this.known(body);
    const to = Number(body.service_state);
    if (!moves[customer.state]?.includes(to)) throw new PeerError(95016, 'invalid state transition');
    if (to === 3 && !body.servicer_userid) throw new PeerError(95014, 'user is not a servicer');
    customer.state = to;
    return {
      errcode: 0,
      errmsg: 'ok',
      ...(to > 1 && { msg_code: this.newCode(customer.id, to === 4 ? CODE_LIFETIME : QUEUE_CODE_LIFETIME) }),
    };
  }

  private profiles({ external_userid_list: ids }: Json): Json {
    const list = (ids as string[]).filter((id) => this.customers.has(id));
    const of = (id: string) => ({
      external_userid: id,
      nickname: `客户${id}`,
      avatar: 'http://wx.qlogo.cn/a.png',
      gender: 0,
      unionid: `union-${id}`,
    });
    return { errcode: 0, errmsg: 'ok', customer_list: list.map(of), invalid_external_userid: [] };
  }
}
