import type {
  Ask,
  Joined,
  Lines,
  Mark,
  VisitorAnswer,
  VisitorAnswers,
  VisitorConversation,
  VisitorEvents,
  VisitorLine,
  VisitorLocale,
  VisitorRequests,
} from '@yixian/contracts/visitor-socket';
import type { ToPanel } from '../bridge.ts';
import { Delivery } from './delivery.ts';
import type { HostPage } from './host-page.ts';
import { Outbox } from './outbox.ts';
import { join, lastOf, unreadIn } from './transcript.ts';
import type { Upload } from './upload.ts';
import { connect } from './connect.ts';
import type { Wire } from './wire.ts';

/** Lines painted from storage after a reload, before the server has said a word. */
const KEEP_LINES = 50;
const TYPING_EVERY = 2000;
const TYPING_LASTS = 5000;

type Link = 'connecting' | 'up' | 'down' | 'refused';

/** The visitor's side of the conversation: everything the panel shows and does. Calls `changed` after each change. */
export class Chat {
  link: Link = 'connecting';
  /** Why the server would not have us: a Problem's code. */
  refusal = '';
  lines: VisitorLine[];
  older = false;
  conversation: VisitorConversation | null = null;
  staffed = true;
  staffedAt: string | null = null;
  asks: Ask[] = [];
  ahead: number | null = null;
  typing: string | null | false = false;
  readByAgent = 0;
  uploads: Upload[] = [];
  maxText = 4000;
  maxFileBytes = 20 * 1024 * 1024;
  open: boolean;
  locale: VisitorLocale;
  draft: string;
  rated = false;
  /** The QR code to go on in WeChat by; empty while it is fetched, null when it cannot be had. */
  qr: string | null | undefined;
  /** Text to read out to people who cannot see it. */
  heard = '';
  readonly outbox: Outbox;
  private readonly delivery: Delivery;

  private readonly kept: Record<string, string>;
  private readonly wire: Wire;
  private identity: string | undefined;
  private page;
  private read: number;
  private typedAt = 0;
  private marked = '';
  private typingEnds: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly site: string,
    private readonly host: HostPage,
    readonly changed: () => void,
  ) {
    const { boot } = host;
    this.kept = { ...boot.kept };
    this.open = boot.open;
    this.locale = boot.locale;
    this.identity = boot.identity;
    this.page = boot.page;
    this.lines = parsed(this.kept.lines) ?? [];
    this.read = Number(this.kept.read ?? 0);
    this.draft = this.kept.draft ?? '';
    this.outbox = new Outbox(this.kept, (key, value) => this.keep(key, value));
    this.delivery = new Delivery(this.outbox, {
      isUp: () => this.link === 'up',
      say: async (message) => {
        const answer = await this.ask('say', message);
        // Who they are is asked once.
        if (message.answers && answer && !('error' in answer)) this.asks = [];
        return answer;
      },
      changed,
    });
    host.listen((message) => this.fromHost(message));
    document.addEventListener('visibilitychange', () => this.look());
    this.wire = connect({
      namespace: '/visitor',
      auth: () => this.auth(),
      on: {
        up: () => {},
        down: () => this.down(),
        refused: (error) => this.refused(error),
        event: (name, data) => this.event(name, data),
      },
    });
    this.look();
  }

  say(text: string, answers?: VisitorAnswers): void {
    this.put({ text: text.trim(), files: [], shown: [], answers });
    this.write('');
  }

  /** Into the outbox, and on its way. */
  put(message: Parameters<Outbox['add']>[0]): void {
    this.outbox.add(message);
    this.delivery.flush();
  }

  /** The draft as it is being written. */
  write(draft: string): void {
    this.draft = draft;
    this.keep('draft', draft || null);
    if (draft && this.link === 'up' && Date.now() - this.typedAt > TYPING_EVERY) {
      this.typedAt = Date.now();
      void this.ask('typing', {});
    }
    this.changed();
  }

  retry(nonce: string): void {
    this.outbox.mark(nonce, 'waiting');
    this.delivery.flush();
  }

  discard(nonce: string): void {
    this.outbox.drop(nonce);
    this.changed();
  }

  async send(files: Iterable<File>): Promise<void> {
    // The list of a picker empties as soon as the picker does.
    const chosen = [...files];
    const { bringFiles } = await import('./extras.ts');
    bringFiles(this, chosen);
  }

  async earlier(): Promise<void> {
    const answer = await this.ask('history', { before: this.lines[0]?.position ?? 1 });
    if (answer && !('error' in answer)) this.take(answer.lines);
  }

  /** Shows the code to go on in WeChat by, or puts it away. */
  async scan(): Promise<void> {
    const { toggleCode } = await import('./extras.ts');
    await toggleCode(this);
  }

  close(): void {
    this.host.tell({ t: 'close' });
  }

  /** The last position held. */
  private get last(): number {
    return lastOf(this.lines);
  }

  private auth(): object {
    return {
      site: this.site,
      origin: new URLSearchParams(location.search).get('o') ?? undefined,
      token: this.kept.token,
      identity: this.identity,
      visitor: this.kept.visitor,
      after: this.last,
      locale: this.locale,
      page: this.page,
    };
  }

  /** Undefined when no answer came: the line broke. */
  async ask<E extends keyof VisitorRequests>(
    event: E,
    data: VisitorRequests[E][0],
  ): Promise<VisitorAnswer<E> | undefined> {
    try {
      return (await this.wire.ask(event, data)) as VisitorAnswer<E>;
    } catch {
      return undefined;
    }
  }

  private event(name: string, data: unknown): void {
    const hear = this.events[name as keyof VisitorEvents] as ((data: unknown) => void) | undefined;
    hear?.(data);
    this.changed();
  }

  private readonly events: { [E in keyof VisitorEvents]: (data: VisitorEvents[E]) => void } = {
    joined: (joined) => this.joined(joined),
    lines: (lines) => this.take(lines),
    conversation: (conversation) => {
      this.follow(conversation);
      this.host.tell({ t: 'said', name: 'conversation', detail: conversation });
    },
    typing: ({ name }) => this.showTyping(name),
    queue: ({ ahead }) => (this.ahead = ahead),
    read: ({ position }) => (this.readByAgent = Math.max(this.readByAgent, position)),
  };

  private joined(joined: Joined): void {
    if (joined.token) this.keep('token', joined.token);
    if (joined.visitor !== this.kept.visitor) this.become(joined.visitor);
    this.link = 'up';
    this.refusal = '';
    this.marked = '';
    this.readByAgent = joined.readByAgent;
    this.read = Math.max(this.read, joined.readByVisitor);
    this.staffed = joined.staffed;
    this.staffedAt = joined.staffedAt;
    this.asks = joined.asks;
    this.maxText = joined.maxText;
    this.maxFileBytes = joined.maxFileBytes;
    if (joined.conversation) this.follow(joined.conversation);
    this.take(joined.lines, true);
    this.delivery.flush();
  }

  /** Another visitor than this browser was, such as one who has logged in: what is held is not theirs. */
  private become(visitor: string): void {
    this.keep('visitor', visitor);
    this.lines = [];
    this.conversation = null;
    this.read = 0;
    this.qr = undefined;
  }

  private follow(conversation: VisitorConversation): void {
    this.conversation = conversation;
    if (conversation.agentName || conversation.closed) this.ahead = null;
    if (conversation.closed) this.typing = false;
    if (!conversation.closed) this.rated = false;
    this.keep('live', conversation.closed && !conversation.survey ? null : '1');
  }

  private take(came: VisitorLine[], fresh = false): void {
    const before = this.last;
    const { lines, hole } = join(this.lines, came, fresh);
    if (hole !== undefined) return void this.fill(hole);
    this.lines = lines;
    this.older = (lines[0]?.position ?? 1) > 1;
    for (const { nonce } of came) if (nonce) this.outbox.drop(nonce);
    const news = lines.filter(({ position, from }) => position > before && from !== 'visitor');
    if (!fresh) for (const line of news) this.announce(line);
    this.keep('lines', JSON.stringify(lines.slice(-KEEP_LINES)));
    if (lines.length) this.keep('live', '1');
    this.look();
  }

  private announce(line: VisitorLine): void {
    this.typing = false;
    this.heard = `${line.name ?? ''} ${line.text}`;
    this.host.tell({ t: 'said', name: 'message', detail: { from: line.from, text: line.text } });
  }

  private async fill(after: number): Promise<void> {
    const answer = await this.ask('history', { after });
    if (answer && !('error' in answer)) this.take((answer as Lines).lines, true);
    this.changed();
  }

  /** Counts what was not seen, and says so to both sides. */
  private look(): void {
    const last = this.last;
    const before = this.read;
    if (this.open && !document.hidden) this.read = Math.max(this.read, last);
    if (this.read !== before) this.keep('read', String(this.read));
    this.host.tell({ t: 'unread', count: unreadIn(this.lines, this.read) });
    this.mark({ delivered: last, read: this.read });
  }

  private mark(mark: Mark): void {
    const marked = JSON.stringify(mark);
    if (this.link !== 'up' || !mark.delivered || marked === this.marked) return;
    this.marked = marked;
    void this.ask('mark', mark);
  }

  private showTyping(name: string | null): void {
    this.typing = name;
    clearTimeout(this.typingEnds);
    this.typingEnds = setTimeout(() => {
      this.typing = false;
      this.changed();
    }, TYPING_LASTS);
  }

  private down(): void {
    this.link = 'down';
    this.outbox.rewind();
    this.changed();
  }

  private refused({ code }: { code: string }): void {
    const passing = code === 'rate_limited' || code === 'unavailable';
    this.link = passing ? 'down' : 'refused';
    this.refusal = code;
    if (!passing) this.wire.close();
    if (code === 'token_expired') this.host.tell({ t: 'expired' });
    this.host.tell({ t: 'said', name: 'refused', detail: { code } });
    this.changed();
  }

  private fromHost(message: ToPanel): void {
    if (message.t === 'open') this.open = message.open;
    if (message.t === 'locale') this.locale = message.locale;
    if (message.t === 'page') {
      this.page = message.page;
      void this.ask('page', message.page);
    }
    if (message.t === 'identity') this.identify(message.identity ?? undefined);
    if (message.t === 'logout') void this.logout();
    if (message.t === 'kept') this.elsewhere(message.key, message.value);
    this.look();
    this.changed();
  }

  private identify(identity: string | undefined): void {
    this.identity = identity;
    this.link = 'connecting';
    this.wire.reopen();
  }

  private async logout(): Promise<void> {
    await this.ask('logout', {});
    this.host.tell({ t: 'forget' });
    for (const key of Object.keys(this.kept)) delete this.kept[key];
    this.lines = [];
    this.outbox.messages = [];
    this.conversation = null;
    this.read = 0;
    this.draft = '';
    this.identify(undefined);
  }

  /** Another tab of the shop. A tab that has said nothing yet takes over the visitor of the one that has. */
  private elsewhere(key: string, value: string | null): void {
    if (value === null) delete this.kept[key];
    else this.kept[key] = value;
    if (this.outbox.hear(key, value)) this.delivery.flush();
    if (key === 'read') this.read = Math.max(this.read, Number(value));
    if (key === 'token' && value && this.lines.length === 0) this.wire.reopen();
  }

  /** Keeps it in this browser, for the next page and for other tabs; null: drops it. */
  keep(key: string, value: string | null): void {
    if ((this.kept[key] ?? null) === value) return;
    if (value === null) delete this.kept[key];
    else this.kept[key] = value;
    this.host.tell({ t: 'keep', key, value });
  }
}

function parsed<T>(json: string | undefined): T | undefined {
  try {
    return json ? (JSON.parse(json) as T) : undefined;
  } catch {
    return undefined;
  }
}
