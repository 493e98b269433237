import { randomBytes } from 'node:crypto';
import type { Clock } from '@yixian/contracts';
import { Files } from './files.ts';
import { PeerError } from './peer-error.ts';
import type { PeerFile } from './files.ts';
import { push } from './push.ts';
import type { Pushed, PushTarget } from './push.ts';
import { SendWindow } from './send-window.ts';
import { Tokens } from './tokens.ts';
import { writeXml } from './write-xml.ts';
import type { Tree } from './write-xml.ts';

type Json = Record<string, unknown>;

/** Looks like a QR code, and is none. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAB0AAAAdAQAAAAB+6FqiAAAAcUlEQVR42mP4////DwY04oOcQwXD99vxFQxfIi+CiEAgEQwkvt+4X8HwQeZABcP/3/U/GL7UC/9g+LF0QwXDT4ljFQyfmm5UMHzbzAw05UcpUJ2YMFDHPUug3tB/IAMagDqiHwLFbh4F2iHxtYIBi+UABRZVzPwYNhAAAAAASUVORK5CYII=',
  'base64',
);

/** Somebody who follows the account. */
export class Follower {
  subscribed = true;
  /** What reached them, in order: the body of each request. */
  readonly received: Json[] = [];
  readonly window: SendWindow;
  typing = 0;

  constructor(
    readonly openId: string,
    readonly unionId: string,
    clock: Clock,
  ) {
    this.window = new SendWindow(clock);
  }

  /** What they can read, of text. */
  get texts(): string[] {
    return this.received.flatMap(({ text }) => (text ? [(text as { content: string }).content] : []));
  }
}

export interface OfficialAccountOptions extends PushTarget {
  appSecret: string;
  clock: Clock;
  /** False: customers may be written to at any time. For tests of other things. */
  enforces?: boolean;
}

/** An official account as Tencent keeps it: its followers, its tokens, its files, its rules. */
export class OfficialAccountPeer {
  readonly followers = new Map<string, Follower>();
  readonly tokens: Tokens;
  readonly files = new Files();
  /** What was refused by the rules of sending, by code. */
  readonly refusals: number[] = [];
  /** The QR codes that were made: what each says, by its ticket. */
  readonly scenes = new Map<string, string>();
  private lastId = 23_256_813_834_500_000n + BigInt(Math.floor(Math.random() * 1e12));
  private readonly sentNotices = new Set<string>();

  constructor(readonly options: OfficialAccountOptions) {
    this.tokens = new Tokens(options.clock);
  }

  follower(openId: string): Follower {
    const known = this.followers.get(openId);
    if (known) return known;
    const made = new Follower(openId, `union-${openId}`, this.options.clock);
    this.followers.set(openId, made);
    return made;
  }

  /** The follower does something, and Tencent tells us. `MsgId` is made, unless given. */
  async says(
    openId: string,
    type: string,
    fields: Tree,
    given: { msgId?: string; at?: number } = {},
  ): Promise<Pushed> {
    const follower = this.follower(openId);
    if (type !== 'event') follower.window.open('message');
    else if (['CLICK', 'SCAN', 'subscribe'].includes(String(fields.Event))) follower.window.open('moment');
    if (fields.Event === 'subscribe') follower.subscribed = true;
    if (fields.Event === 'unsubscribe') follower.subscribed = false;
    const at = given.at ?? Math.floor(this.options.clock.now() / 1000);
    const tree: Tree = {
      ToUserName: 'gh_7f083739789a',
      FromUserName: openId,
      CreateTime: at,
      MsgType: type,
      ...fields,
    };
    const msgId = type === 'event' ? undefined : (given.msgId ?? String(++this.lastId));
    return push(this.options, this.written(tree, msgId), this.options.clock);
  }

  /** MsgId has 64 bits, which no number of ours holds: written as text. */
  written(tree: Tree, msgId?: string): string {
    if (this.options.format === 'json')
      return JSON.stringify(tree).replace(/\}$/, msgId ? `,"MsgId":${msgId}}` : '}');
    return `<xml>${writeXml(tree)}${msgId ? `<MsgId>${msgId}</MsgId>` : ''}</xml>`;
  }

  /** Answers a request to `path` of the API. Throws {@link PeerError}. */
  answer(path: string, query: URLSearchParams, body: Json, file?: PeerFile): Json | PeerFile {
    if (path === 'cgi-bin/stable_token') return this.token(body);
    if (path === 'cgi-bin/showqrcode') return this.picture(query.get('ticket') ?? '');
    this.tokens.check(query.get('access_token'));
    switch (path) {
      case 'cgi-bin/get_api_domain_ip':
        return { ip_list: ['127.0.0.1'] };
      case 'cgi-bin/media/upload':
        return this.files.upload(query.get('type') ?? '', file!);
      case 'cgi-bin/media/get':
        return this.files.get(query.get('media_id'));
      case 'cgi-bin/user/info':
        return this.profile(query.get('openid') ?? '');
      case 'cgi-bin/message/custom/send':
        return this.take(body);
      case 'cgi-bin/message/custom/typing':
        return this.type(String(body.touser));
      case 'cgi-bin/message/template/send':
      case 'cgi-bin/message/subscribe/bizsend':
        return this.notice(body);
      case 'cgi-bin/qrcode/create':
        return this.qrCode(body);
    }
    throw new PeerError(40066, `invalid url ${path}`);
  }

  private token({ appid, secret, grant_type }: Json): Json {
    if (grant_type !== 'client_credential') throw new PeerError(40002, 'invalid grant_type');
    if (appid !== this.options.receiver) throw new PeerError(40013, 'invalid appid');
    if (secret !== this.options.appSecret) throw new PeerError(40125, 'invalid appsecret');
    return this.tokens.give();
  }

  private known(openId: string): Follower {
    const follower = this.followers.get(openId);
    if (follower) return follower;
    if (this.options.enforces === false) return this.follower(openId);
    throw new PeerError(40003, 'invalid openid');
  }

  private take(body: Json): Json {
    const follower = this.known(String(body.touser));
    if (!follower.subscribed) this.refuse(45015);
    const content = body[String(body.msgtype)] as Json | undefined;
    if (!content) throw new PeerError(40008, 'invalid message type');
    if (body.msgtype === 'text' && Buffer.byteLength(String(content.content)) > 2048)
      throw new PeerError(45002, 'content size out of limit');
    for (const name of ['media_id', 'thumb_media_id'])
      if (content[name]) this.files.get(String(content[name]));
    if (this.options.enforces !== false) this.refuse(follower.window.spend());
    follower.received.push(body);
    return { errcode: 0, errmsg: 'ok' };
  }

  private refuse(code: number): void {
    if (code === 0) return;
    this.refusals.push(code);
    throw new PeerError(code, 'refused by the rules of sending');
  }

  private type(openId: string): Json {
    const follower = this.known(openId);
    this.refuse(follower.window.type());
    follower.typing += 1;
    return { errcode: 0, errmsg: 'ok' };
  }

  private notice(body: Json): Json {
    const follower = this.known(String(body.touser));
    if (!follower.subscribed) throw new PeerError(43004, 'require subscribe');
    if (!/^[\w-]{3,}$/.test(String(body.template_id))) throw new PeerError(40037, 'invalid template_id');
    const once = String(body.client_msg_id ?? randomBytes(8).toString('hex'));
    if (!this.sentNotices.has(once)) follower.received.push(body);
    this.sentNotices.add(once);
    return { errcode: 0, errmsg: 'ok', msgid: Number(this.lastId++ % 1_000_000_000n) };
  }

  private profile(openId: string): Json {
    const { subscribed, unionId } = this.known(openId);
    if (!subscribed) return { subscribe: 0, openid: openId };
    return {
      subscribe: 1,
      openid: openId,
      nickname: '',
      headimgurl: '',
      language: 'zh_CN',
      unionid: unionId,
      remark: '',
      subscribe_scene: 'ADD_SCENE_QR_CODE',
      qr_scene: 0,
      qr_scene_str: '',
    };
  }

  private qrCode({ action_name: action, action_info: info }: Json): Json {
    const scene = (info as { scene?: { scene_str?: string } }).scene?.scene_str ?? '';
    if (action !== 'QR_STR_SCENE' || scene.length < 1 || scene.length > 64)
      throw new PeerError(40053, 'invalid action info');
    const ticket = `ticket-${randomBytes(30).toString('base64url')}`;
    this.scenes.set(ticket, scene);
    return { ticket, expire_seconds: 600, url: `http://weixin.qq.com/q/${ticket}` };
  }

  /** Tencent shows it to whoever has the ticket, without a token. */
  private picture(ticket: string): PeerFile {
    if (!this.scenes.has(ticket)) throw new PeerError(40053, 'invalid ticket');
    return { content: PICTURE, name: 'qr.jpg', type: 'image/jpg' };
  }
}
