import { eventually } from '@yixian/contracts/testing';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  AccountId,
  Address,
  ChannelName,
  ConversationId,
  ConversationShown,
  EntryId,
  InboundEvent,
  Joined,
  Problem,
  Signal,
  VisitorLine,
} from '@yixian/contracts';
import { customerKey, newId, outboundTopic, topics } from '@yixian/contracts';
import { BUS } from '@yixian/service';
import { startTestApps } from '@yixian/service/testing';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { chatWidget } from '../src/index.ts';
import { VisitorRooms } from '../src/visitors/rooms.ts';

const chat = 'chat' as ChannelName;

/** What the stage needs of the bus; the widget itself never sees it. */
interface SomeBus {
  publish(events: object[]): Promise<void>;
  subscribe(subscription: object): Promise<{ ready: Promise<void> }>;
}

/** The widget as a running service, with the hub's side of the bus in the test's hands. */
export class ChatStage {
  readonly inbound: InboundEvent[] = [];
  readonly signals: Signal[] = [];
  private readonly sockets: Socket[] = [];
  private version = 0;

  private constructor(
    private readonly running: Awaited<ReturnType<typeof startTestApps>>,
    private readonly folder: string,
  ) {}

  static async open(env: Record<string, string> = {}): Promise<ChatStage> {
    const folder = await aBuild();
    const running = await startTestApps([chatWidget], { env: { WIDGET_UI_DIR: folder, ...env } });
    const stage = new ChatStage(running, folder);
    await stage.watch(topics.inbound, (event) => stage.inbound.push(event as InboundEvent));
    await stage.watch(topics.signals, (event) => stage.signals.push(event as Signal));
    return stage;
  }

  get url(): string {
    return this.running.url;
  }

  /** The hub makes or changes a site. */
  async site(id: string, settings: object = {}): Promise<void> {
    const data = {
      kind: 'account.changed',
      id: newId(),
      account: id,
      channel: chat,
      name: '山岚茶舍',
      settings,
      enabled: true,
      removed: false,
      version: ++this.version,
      at: new Date().toISOString(),
    };
    await this.bus.publish([{ topic: topics.accounts, key: id, data }]);
    await until(async () => (await fetch(`${this.url}/w/${id}.js`)).status === 200);
  }

  /** A visitor's browser opens the panel. Rejects with the Problem's `error` when it is refused. */
  visit(auth: object, headers: Record<string, string> = {}): Promise<Visit> {
    const socket = io(`${this.url}/visitor`, {
      auth: { site: 'shop', ...auth },
      transports: ['websocket'],
      extraHeaders: headers,
      reconnection: false,
      forceNew: true,
    });
    this.sockets.push(socket);
    const visit = new Visit(socket);
    return new Promise((resolve, reject) => {
      socket.on('joined', (joined: Joined) => resolve(visit.joinedAs(joined)));
      socket.on('connect_error', (error: Error & { data?: unknown }) => reject(error.data ?? error));
    });
  }

  /** An agent's message to the visitor who wrote last. */
  async reply(to: { address: Address }, text: string): Promise<EntryId> {
    const id = newId<EntryId>();
    await this.command(to, {
      kind: 'message.send',
      id,
      conversationId: newId(),
      author: { kind: 'agent', name: '小敏' },
      text,
      attachments: [],
      payload: {},
      createdAt: new Date().toISOString(),
    });
    return id;
  }

  async show(
    to: { address: Address },
    of: Pick<ConversationShown, 'conversationId' | 'version' | 'state'>,
  ): Promise<void> {
    const occurredAt = new Date().toISOString();
    await this.command(to, { kind: 'conversation.shown', id: newId(), agentName: '小敏', occurredAt, ...of });
  }

  async command(to: { address: Address; account?: string }, command: object): Promise<void> {
    const of = { channel: chat, account: (to.account ?? 'shop') as AccountId, address: to.address };
    await this.bus.publish([
      { topic: outboundTopic(chat), key: customerKey(of), data: { ...of, ...command } },
    ]);
  }

  async signal(signal: object): Promise<void> {
    await this.bus.publish([{ topic: topics.signals, key: 'test', data: signal }]);
  }

  /** Tells this visitor of nothing in particular, in so many characters, until `done`. */
  async flood({ address }: { address: Address }, characters: number, done: () => boolean): Promise<void> {
    const rooms = this.running.get(VisitorRooms);
    const name = '忙'.repeat(characters);
    await until(() => {
      for (let n = 0; n < 20; n += 1) rooms.tell('shop' as AccountId, address, 'typing', { name });
      return done();
    });
  }

  /** The address of whoever wrote this. */
  async addressOf(text: string): Promise<Address> {
    const found = () =>
      this.inbound.find((event) => event.kind === 'message.received' && event.text === text);
    await until(() => found() !== undefined);
    return found()!.address;
  }

  /** The states that were reported of an agent's message, in order. */
  receipts(id: EntryId): string[] {
    return this.inbound.flatMap((event) =>
      event.kind === 'receipt.reported' && event.messageId === id ? [event.state] : [],
    );
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.close();
    await this.running.stop();
    await rm(this.folder, { recursive: true });
  }

  private get bus(): SomeBus {
    return this.running.get<SomeBus>(BUS);
  }

  private async watch(topic: object, heard: (event: unknown) => void): Promise<void> {
    const handler = async ({ events }: { events: { data: unknown }[] }) =>
      events.forEach(({ data }) => heard(data));
    await (
      await this.bus.subscribe({ topic, delivery: 'every', handler })
    ).ready;
  }
}

/** A visitor's tab. */
export class Visit {
  readonly lines: VisitorLine[] = [];
  readonly heard: Record<string, unknown[]> = {};
  joined!: Joined;

  constructor(readonly socket: Socket) {
    socket.onAny((name: string, data: unknown) => {
      if (name === 'lines') this.lines.push(...(data as VisitorLine[]));
      else (this.heard[name] ??= []).push(data);
    });
  }

  joinedAs(joined: Joined): this {
    this.joined = joined;
    return this;
  }

  ask(event: string, data: unknown): Promise<Record<string, unknown> & Partial<Problem>> {
    return this.socket.timeout(10_000).emitWithAck(event, data);
  }

  say(text: string, more: object = {}): Promise<Record<string, unknown> & Partial<Problem>> {
    return this.ask('say', { nonce: newId(), text, ...more });
  }

  /** Leaves what comes in the kernel, as a browser does that hangs; gives what lets it go on. */
  hang(): () => void {
    const { transport } = this.socket.io.engine as unknown as {
      transport: { ws: { _socket: { pause(): void; resume(): void } } };
    };
    const tcp = transport.ws._socket;
    tcp.pause();
    return () => tcp.resume();
  }

  /** The code of the refusal, or `done`. */
  async codeOf(event: string, data: unknown): Promise<string> {
    return (await this.ask(event, data)).error?.code ?? 'done';
  }
}

export const aConversation = (): ConversationId => newId<ConversationId>();

/** Asks again until it is so. */
export const until = (so: () => boolean | Promise<boolean>): Promise<boolean> => eventually(so, 15_000);

/** A browser part with the least in it. */
async function aBuild(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'yixian-widget-ui-'));
  await mkdir(join(folder, 'assets'));
  await mkdir(join(folder, 'demo'));
  await writeFile(join(folder, 'loader.js'), 'globalThis.site=__YIXIAN_SITE__;');
  await writeFile(join(folder, 'panel.html'), '<html lang="zh-CN" data-site="{}"></html>');
  await writeFile(join(folder, 'assets/panel-abc.js'), 'export {};');
  await writeFile(join(folder, 'demo/shop.css'), 'body{}');
  return folder;
}
