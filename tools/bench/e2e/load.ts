import type { Conversation } from '@yixian/contracts';
import { pause, systemClock } from '@yixian/contracts';
import { NamespaceSocket } from './namespace-socket.ts';
import type { Answer, Order } from './orders.ts';
import { findStamps, stampedText } from './stamp.ts';

/** The site that a fresh installation has. */
const SITE = 'demo';
const PATIENCE = 20_000;
/** Contacts that one agent may watch. */
const WATCHED = 50;

const now = (): number => Math.floor(systemClock.monotonic() * 1000);

/** Visitors who write and an agent who watches all of them, in a process of its own. */
class Load {
  private readonly visitors: NamespaceSocket[] = [];
  private readonly unseen = new Map<number, number>();
  private waits: number[] = [];
  private acknowledged: number[] = [];
  private written = 0;
  private problem: string | undefined;
  private next: ((visitor: number) => void) | undefined;

  async obey(order: Order): Promise<Answer> {
    this.waits = [];
    this.acknowledged = [];
    const from = now();
    if (order.do === 'connect') await this.connect(order);
    else if (order.do === 'rate') await this.write(order.perSecond, order.seconds);
    else await this.writeFlatOut(order.seconds);
    const seconds = (now() - from) / 1e6;
    const seenInTime = this.waits.length;
    await this.until(() => this.unseen.size === 0).catch(() => {});
    const lost = this.unseen.size;
    this.unseen.clear();
    const seen = order.do === 'flatOut' ? seenInTime : this.waits.length;
    const { waits, acknowledged } = this;
    return { seen, waits, acknowledged, seconds, lost, ...(this.problem && { problem: this.problem }) };
  }

  private async connect({ port, token, visitors }: Order & { do: 'connect' }): Promise<void> {
    for (let index = 0; index < visitors; index++) this.visitors.push(await this.visitor(port));
    const agent = await this.socket(port, '/agent', { token }, (frame) => findStamps(frame, this.saw));
    const answered = new Promise<void>((resolve) => agent.ask('sync', {}, () => resolve()));
    await answered;
    this.visitors.forEach((_, visitor) => this.say(visitor));
    await this.until(() => this.unseen.size === 0);
    await this.watchAll(port, token, agent);
  }

  private visitor(port: number): Promise<NamespaceSocket> {
    const auth = { site: SITE, after: 0, locale: 'zh-CN' };
    return this.socket(port, '/visitor', auth, () => {});
  }

  private async watchAll(port: number, token: string, agent: NamespaceSocket): Promise<void> {
    const url = `http://127.0.0.1:${port}/api/conversations?view=all&limit=200`;
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    const { conversations } = (await answer.json()) as { conversations: Conversation[] };
    for (const { contactId } of conversations.slice(0, WATCHED))
      await new Promise<void>((resolve) => agent.ask('watch', { contactId, have: [] }, () => resolve()));
  }

  private async socket(
    port: number,
    namespace: string,
    auth: object,
    onFrame: (frame: Buffer) => void,
  ): Promise<NamespaceSocket> {
    return new Promise((resolve) => {
      const socket: NamespaceSocket = new NamespaceSocket(port, namespace, auth, {
        onFrame,
        onReady: () => resolve(socket),
        onEnd: (why) => (this.problem ??= `${namespace} ended: ${why}`),
      });
    });
  }

  private async write(perSecond: number, seconds: number): Promise<void> {
    const from = systemClock.monotonic();
    const all = perSecond * seconds;
    for (let sent = 0; sent < all; await pause(systemClock, 1)) {
      const due = Math.min(all, Math.ceil(((systemClock.monotonic() - from) / 1000) * perSecond));
      for (; sent < due; sent++) this.say(sent % this.visitors.length);
    }
  }

  /** Every visitor has one message on its way, and writes the next once an agent has seen it. */
  private async writeFlatOut(seconds: number): Promise<void> {
    this.next = (visitor) => this.say(visitor);
    this.visitors.forEach((_, visitor) => this.say(visitor));
    await pause(systemClock, seconds * 1000);
    this.next = undefined;
  }

  private say(visitor: number): void {
    const number = ++this.written;
    this.unseen.set(number, visitor);
    const sent = now();
    const body = { nonce: `bench-${process.pid}-${number}`, text: stampedText(number, sent), files: [] };
    this.visitors[visitor]!.ask('say', body, (answer) => {
      this.acknowledged.push((now() - sent) / 1000);
      if (answer.includes('"error"')) this.problem ??= answer;
    });
  }

  private readonly saw = (number: number, sent: number): void => {
    const visitor = this.unseen.get(number);
    if (visitor === undefined) return;
    this.unseen.delete(number);
    this.waits.push((now() - sent) / 1000);
    this.next?.(visitor);
  };

  private async until(done: () => boolean): Promise<void> {
    const last = systemClock.monotonic() + PATIENCE;
    while (!done()) {
      if (systemClock.monotonic() > last) throw new Error('Not all messages came through.');
      await pause(systemClock, 5);
    }
  }
}

const nothing: Answer = { seen: 0, waits: [], acknowledged: [], seconds: 0, lost: 0 };
const load = new Load();
process.on('message', (order: Order) => {
  void load.obey(order).then(
    (answer) => process.send!(answer),
    (error: Error) => process.send!({ ...nothing, problem: error.message }),
  );
});
process.once('disconnect', () => process.exit(0));
