import { Inject, UseFilters } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { OnGatewayConnection, OnGatewayDisconnect, OnGatewayInit } from '@nestjs/websockets';
import type { Bus } from '@yixian/bus';
import { AgentTypes, customerKey, timestamp, topics, Unwatch, Viewing, Watch } from '@yixian/contracts';
import type { AgentRef, AgentViewing, Clock, ContactId, Signal, Synced, Watched } from '@yixian/contracts';
import { BUS, CLOCK, problem, RateLimiter, Refused, SocketProblemFilter } from '@yixian/service';
import type { Namespace, Socket } from 'socket.io';
import { Contacts } from '../../contacts/contacts.ts';
import { Conversations } from '../../conversations/conversations.ts';
import { DESK } from '../desk-options.ts';
import type { DeskOptions } from '../desk-options.ts';
import { agentIdOf } from '../http/caller.ts';
import type { Caller } from '../http/caller.ts';
import { valid } from '../http/valid.pipe.ts';
import { InboxCounter } from '../inbox-counter.ts';
import { InboxPages } from '../inbox/inbox-pages.ts';
import { limitConnections } from './connection-limit.ts';
import { DeskClient } from './desk-client.ts';
import { DeskClients, NAMESPACE } from './desk-clients.ts';
import { DeskFeed } from './desk-feed.ts';
import { SocketAccess } from './socket-access.ts';

/** Contacts one browser may watch at a time. */
const MAX_WATCHED = 50;
/** Messages of one browser. An inbox that reconnects asks for all it has open at once. */
const MESSAGES = { perSecond: 20, burst: 150 };
const TYPING_EVERY_MS = 2000;
const MESSAGE_NAMES = new Set(['sync', 'watch', 'unwatch', 'viewing', 'typing']);

/** The desk's socket; see desk-socket.ts of the contracts. */
@WebSocketGateway({ namespace: NAMESPACE })
@UseFilters(SocketProblemFilter)
export class DeskGateway implements OnGatewayInit, OnGatewayConnection, OnGatewayDisconnect {
  private readonly messages: RateLimiter;

  constructor(
    @Inject(BUS) private readonly bus: Bus,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(DESK) private readonly desk: DeskOptions,
    private readonly access: SocketAccess,
    private readonly clients: DeskClients,
    private readonly feed: DeskFeed,
    private readonly counter: InboxCounter,
    private readonly conversations: Conversations,
    private readonly contacts: Contacts,
    private readonly pages: InboxPages,
  ) {
    this.messages = new RateLimiter(clock, MESSAGES);
  }

  afterInit(namespace: Namespace): void {
    const { connectionsPerSecond: perSecond, trustProxy } = this.desk;
    namespace.server.engine.use(limitConnections(this.clock, { perSecond, trustProxy }));
    namespace.use(async (socket, next) => next(await this.access.enter(socket, this.feed.isLive)));
  }

  handleConnection(socket: Socket): void {
    const client = new DeskClient(socket, (socket.data as { caller: Caller }).caller, this.clock);
    (socket.data as { client: DeskClient }).client = client;
    this.clients.add(client);
    socket.use((packet, next) => {
      const refusal = this.refusal(client, String(packet[0]));
      if (!refusal) return next();
      const acknowledge: unknown = packet.at(-1);
      if (typeof acknowledge === 'function') acknowledge(problem(refusal));
    });
  }

  handleDisconnect(socket: Socket): void {
    const client = clientOf(socket);
    client.gone();
    this.clients.remove(client);
    this.sayViewing(client, { contactId: null, typing: false });
  }

  @SubscribeMessage('sync')
  async sync(@ConnectedSocket() socket: Socket): Promise<Synced> {
    const client = clientOf(socket);
    client.counts = await this.counter.of(agentIdOf(client.caller));
    return {
      counts: client.counts,
      viewing: this.feed.viewers(),
      build: this.pages.build,
      serverTime: timestamp(this.clock),
    };
  }

  /** Watches first and looks then what was missed: what happens meanwhile comes twice rather than never. */
  @SubscribeMessage('watch')
  async watch(@ConnectedSocket() socket: Socket, @MessageBody() body: unknown): Promise<Watched> {
    const { contactId, have } = valid(Watch, body);
    const { watching } = clientOf(socket);
    if (watching.size >= MAX_WATCHED && !watching.has(contactId))
      throw new Refused('too_large', `Not more than ${MAX_WATCHED} contacts can be watched at a time.`);
    watching.add(contactId);
    try {
      return await this.missed(contactId, have);
    } catch (error) {
      watching.delete(contactId);
      throw error;
    }
  }

  @SubscribeMessage('unwatch')
  unwatch(@ConnectedSocket() socket: Socket, @MessageBody() body: unknown): { ok: true } {
    clientOf(socket).watching.delete(valid(Unwatch, body).contactId);
    return { ok: true };
  }

  @SubscribeMessage('viewing')
  viewing(@ConnectedSocket() socket: Socket, @MessageBody() body: unknown): { ok: true } {
    this.sayViewing(clientOf(socket), valid(Viewing, body));
    return { ok: true };
  }

  @SubscribeMessage('typing')
  async typing(@ConnectedSocket() socket: Socket, @MessageBody() body: unknown): Promise<{ ok: true }> {
    const { conversationId } = valid(AgentTypes, body);
    const client = clientOf(socket);
    const now = this.clock.monotonic();
    if (now - client.typedAt < TYPING_EVERY_MS) return { ok: true };
    client.typedAt = now;
    const conversation = await this.conversations.find(conversationId);
    if (!conversation) throw new Refused('not_found', 'There is no such conversation.');
    const { channel, account, address } = conversation;
    const { name } = client.caller;
    this.say(customerKey(conversation), {
      kind: 'typing',
      channel,
      account,
      address,
      by: 'agent',
      name,
      at: timestamp(this.clock),
    });
    return { ok: true };
  }

  private refusal(client: DeskClient, message: string): Refused | undefined {
    if (client.stalled) return new Refused('rate_limited', 'Read what was sent first.');
    const wait = this.messages.take(client.tab);
    if (wait > 0) return new Refused('rate_limited', 'Too many messages.', { retryAfter: Math.ceil(wait) });
    return MESSAGE_NAMES.has(message) ? undefined : new Refused('unsupported', 'There is no such message.');
  }

  private async missed(contactId: ContactId, have: Watch['have']): Promise<Watched> {
    const [{ missed, reset }, detail] = await Promise.all([
      this.conversations.missed(contactId, have),
      this.contacts.detail(contactId),
    ]);
    if (!detail) throw new Refused('not_found', 'There is no such contact.');
    const present = this.feed.presentAt(detail.conversations);
    return { missed: [...missed, ...present], reset, serverTime: timestamp(this.clock) };
  }

  private sayViewing(client: DeskClient, { contactId, typing }: Viewing): void {
    const agent = agentOf(client.caller);
    if (!agent) return;
    const viewing: AgentViewing = {
      kind: 'agent.viewing',
      agent,
      tab: client.tab,
      contactId,
      typing,
      at: timestamp(this.clock),
    };
    this.say(agent.id, viewing);
  }

  /** Worth seconds: when it cannot be told, it is soon not true any more. */
  private say(key: string, data: Signal): void {
    void this.bus.publish([{ topic: topics.signals, key, data }]).catch(() => {});
  }
}

const clientOf = (socket: Socket): DeskClient => (socket.data as { client: DeskClient }).client;

/** A program looks at nothing. */
const agentOf = (caller: Caller): AgentRef | undefined =>
  caller.via === 'session' ? { id: caller.agent.id, name: caller.agent.name } : undefined;
