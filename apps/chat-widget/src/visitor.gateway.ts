import { Inject, UseFilters } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { OnGatewayConnection, OnGatewayDisconnect, OnGatewayInit } from '@nestjs/websockets';
import type {
  Clock,
  Continuation,
  Done,
  Lines,
  Problem,
  Said,
  UploadPass,
  VisitorPage,
} from '@yixian/contracts';
import {
  AskUpload,
  Dismiss,
  History,
  Mark,
  Rate,
  Say,
  VisitorAuth,
  VisitorPage as Page,
  timestamp,
} from '@yixian/contracts';
import {
  CLOCK,
  clientAddress,
  networkOf,
  problem,
  Refused,
  refusalOf,
  SocketProblemFilter,
} from '@yixian/service';
import type { Namespace, Socket as AnySocket } from 'socket.io';
import { CHAT, ChatChannel } from './chat-channel.ts';
import { toVisitor } from './to-visitor.ts';
import { Continuations } from './visitors/continuations.ts';
import { MessageDoor } from './visitors/message-door.ts';
import { OwnOrigin } from './visitors/own-origin.ts';
import { markLines } from './visitors/read-marks.ts';
import { Reception } from './visitors/reception.ts';
import type { Admitted } from './visitors/reception.ts';
import { VisitorRooms } from './visitors/rooms.ts';
import { VisitorFiles } from './visitors/visitor-files.ts';
import { VisitorLimits } from './visitors/visitor-limits.ts';
import type { VisitorSession } from './visitors/visitor.ts';

/** Lines given for one request of history. */
const LINES = 50;
/** Milliseconds within which a visitor's typing is told once. */
const TYPING_EVERY = 1900;

interface TabData {
  session: VisitorSession;
  /** How they came, until they have heard `joined`. */
  arrival: { admitted: Admitted; auth: VisitorAuth } | undefined;
  typedAt: number;
  /** The marks under way: one after the other. */
  marking: Promise<void>;
}
type Tab = AnySocket<
  Record<string, never>,
  Record<string, (data: unknown) => void>,
  Record<string, never>,
  TabData
>;

const done: Done = { ok: true };

/** The visitors' socket; see `visitor-socket.ts` of the contracts for what is said on it. */
@WebSocketGateway({ namespace: '/visitor' })
@UseFilters(SocketProblemFilter)
export class VisitorGateway implements OnGatewayInit, OnGatewayConnection, OnGatewayDisconnect {
  constructor(
    private readonly channel: ChatChannel,
    private readonly reception: Reception,
    private readonly messages: MessageDoor,
    private readonly continuations: Continuations,
    private readonly rooms: VisitorRooms,
    private readonly files: VisitorFiles,
    private readonly limits: VisitorLimits,
    private readonly ownOrigin: OwnOrigin,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  afterInit(namespace: Namespace): void {
    this.rooms.open(namespace);
    namespace.use(async (socket, next) => next(await this.decide(socket as Tab)));
  }

  async handleConnection(tab: Tab): Promise<void> {
    const { admitted, auth } = tab.data.arrival!;
    tab.data.arrival = undefined;
    try {
      const { visitor } = tab.data.session;
      await this.rooms.welcome(tab, visitor, () => this.reception.joined(admitted, auth));
      if (tab.connected) this.tellPresence(tab.data.session, true);
    } catch (error) {
      this.channel.host.log('warn', 'A visitor could not be told where they stand.', { err: error });
      // Below Socket.IO, so that the browser comes again.
      tab.conn.close();
    }
  }

  handleDisconnect(tab: Tab): void {
    const { session } = tab.data;
    if (!this.rooms.has(session.visitor.site, session.visitor.address)) this.tellPresence(session, false);
  }

  @SubscribeMessage('say')
  say(@ConnectedSocket() tab: Tab, @MessageBody() body: unknown): Promise<Said> {
    return this.messages.take(tab.data.session, Say.parse(body));
  }

  @SubscribeMessage('mark')
  async mark(@ConnectedSocket() tab: Tab, @MessageBody() body: unknown): Promise<Done> {
    this.limits.notices.check(tab.id);
    const mark = Mark.parse(body);
    const { host, records } = this.channel;
    const next = tab.data.marking.then(() => markLines(tab.data.session.visitor, mark, { host, records }));
    tab.data.marking = next.catch(() => undefined);
    await next;
    return done;
  }

  @SubscribeMessage('history')
  async history(@ConnectedSocket() tab: Tab, @MessageBody() body: unknown): Promise<Lines> {
    this.limits.notices.check(tab.id);
    const { after, before } = History.parse(body);
    const { site, address } = tab.data.session.visitor;
    const range = {
      ...(after !== undefined && { after }),
      ...(before !== undefined && { before }),
      limit: LINES,
    };
    const lines = await this.channel.host.transcript.read(site, address, range);
    return { lines: lines.map((line) => toVisitor(line, (file) => this.files.shown(file))) };
  }

  @SubscribeMessage('upload')
  upload(@ConnectedSocket() tab: Tab, @MessageBody() body: unknown): UploadPass {
    const { size } = AskUpload.parse(body);
    const { site, address } = tab.data.session.visitor;
    this.limits.uploads.check(address);
    const maxBytes = this.channel.site(site).uploadLimit * 1024 * 1024;
    if (maxBytes === 0) throw new Refused('unsupported', 'This site takes no files.');
    if (size > maxBytes) throw new Refused('too_large', `A file has at most ${maxBytes} bytes.`);
    return { url: this.files.uploadUrl({ site, address, maxBytes }) };
  }

  @SubscribeMessage('typing')
  typing(@ConnectedSocket() tab: Tab): Done {
    const now = this.clock.monotonic();
    if (now - tab.data.typedAt < TYPING_EVERY) return done;
    tab.data.typedAt = now;
    const { site: account, address } = tab.data.session.visitor;
    const at = timestamp(this.clock);
    this.channel.host.signal({ kind: 'typing', channel: CHAT, account, address, by: 'customer', at });
    return done;
  }

  @SubscribeMessage('page')
  page(@ConnectedSocket() tab: Tab, @MessageBody() body: unknown): Done {
    this.limits.notices.check(tab.id);
    tab.data.session.page = Page.parse(body);
    this.tellPresence(tab.data.session, true);
    return done;
  }

  @SubscribeMessage('rate')
  async rate(@ConnectedSocket() tab: Tab, @MessageBody() body: unknown): Promise<Done> {
    this.limits.notices.check(tab.id);
    const { conversationId, score, text } = Rate.parse(body);
    const { site: account, address } = await this.surveyed(tab, conversationId);
    const nativeId = `survey:${conversationId}`;
    await this.channel.host.answerSurvey({ account, address, conversationId, score, text, nativeId });
    await this.channel.records.saveSurvey(conversationId, 'rated');
    return done;
  }

  @SubscribeMessage('dismiss')
  async dismiss(@ConnectedSocket() tab: Tab, @MessageBody() body: unknown): Promise<Done> {
    this.limits.notices.check(tab.id);
    const { conversationId } = Dismiss.parse(body);
    await this.surveyed(tab, conversationId);
    await this.channel.records.saveSurvey(conversationId, 'dismissed');
    return done;
  }

  @SubscribeMessage('continue')
  continue(@ConnectedSocket() tab: Tab): Promise<Continuation> {
    this.limits.notices.check(tab.id);
    return this.continuations.offer(tab.data.session.visitor);
  }

  @SubscribeMessage('logout')
  async logout(@ConnectedSocket() tab: Tab): Promise<Done> {
    await this.reception.forget(tab.data.session);
    return done;
  }

  /** Undefined lets them in. */
  private async decide(tab: Tab): Promise<Error | undefined> {
    try {
      await this.join(tab);
      return undefined;
    } catch (error) {
      const refused = asConnectError(error);
      if (refused.data.code === 'internal')
        this.channel.host.log('error', 'A visitor was turned away.', { err: error });
      return refused;
    }
  }

  private async join(tab: Tab): Promise<void> {
    const { handshake } = tab;
    const caller = { headers: handshake.headers, remoteAddress: handshake.address };
    const network = networkOf(clientAddress(caller, this.ownOrigin.trustProxy));
    this.limits.connects.check(network);
    const auth = VisitorAuth.parse(handshake.auth);
    this.checkOrigins(auth, tab);
    const admitted = await this.reception.admit(auth);
    tab.data = {
      session: { ...admitted.session, network },
      arrival: { admitted, auth },
      typedAt: -TYPING_EVERY,
      marking: Promise.resolve(),
    };
  }

  private checkOrigins(auth: VisitorAuth, { handshake }: Tab): void {
    const site = this.channel.site(auth.site);
    for (const origin of [auth.origin, handshake.headers.origin]) {
      if (origin && !this.ownOrigin.admits(origin, site, handshake)) {
        throw new Refused('origin_refused', `Pages of ${origin} may not embed this chat.`);
      }
    }
  }

  /** The visitor, if this closed conversation is theirs. Throws {@link Refused} `not_found`. */
  private async surveyed(tab: Tab, conversationId: string): Promise<VisitorSession['visitor']> {
    const { visitor } = tab.data.session;
    const conversation = await this.channel.conversationOf(visitor.site, visitor.address);
    if (conversation?.id !== conversationId || !conversation.closed) {
      throw new Refused('not_found', 'There is no such conversation to rate.');
    }
    return visitor;
  }

  private tellPresence({ visitor, page }: VisitorSession, online: boolean): void {
    const { site: account, address } = visitor;
    const at = timestamp(this.clock);
    const where: VisitorPage | undefined = online ? page : undefined;
    this.channel.host.signal({
      kind: 'customer.presence',
      channel: CHAT,
      account,
      address,
      online,
      ...(where && { page: where }),
      at,
    });
  }
}

/** As Socket.IO hands it to the browser: `data` is a Problem's `error`. */
function asConnectError(error: unknown): Error & { data: Problem['error'] } {
  const refused = refusalOf(error);
  return Object.assign(new Error(refused.message), { data: problem(refused).error });
}
