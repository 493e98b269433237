import { pause, systemClock } from '@yixian/contracts';
import { tinodeUsers } from '../peers/tinode-users.ts';
import type { Answer, Order } from './orders.ts';
import type { Speaker } from './people.ts';
import { findStamps, stampedText } from './stamp.ts';
import { visitorsAndAgent } from './visitors.ts';

const PATIENCE = 20_000;

const now = (): number => Math.floor(systemClock.monotonic() * 1000);

/** People who write and those who see it, in a process of its own. */
class Load {
  private speakers: Speaker[] = [];
  private readonly unseen = new Map<number, number>();
  private waits: number[] = [];
  private acknowledged: number[] = [];
  private written = 0;
  private problem: string | undefined;
  private behind = 0;
  private next: ((visitor: number) => void) | undefined;

  async obey(order: Order): Promise<Answer> {
    this.waits = [];
    this.acknowledged = [];
    this.behind = 0;
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
    const { waits, acknowledged, behind } = this;
    return {
      seen,
      waits,
      acknowledged,
      seconds,
      lost,
      behind,
      ...(this.problem && { problem: this.problem }),
    };
  }

  private async connect(order: Order & { do: 'connect' }): Promise<void> {
    const meet = order.peer === 'tinode' ? tinodeUsers : visitorsAndAgent;
    const met = await meet(order, {
      onFrame: (frame) => findStamps(frame, this.saw),
      onProblem: (problem) => (this.problem ??= problem),
      onBehind: () => this.behind++,
    });
    this.speakers = met.speakers;
    this.speakers.forEach((_, speaker) => this.say(speaker));
    await this.until(() => this.unseen.size === 0);
    await met.settle();
  }

  private async write(perSecond: number, seconds: number): Promise<void> {
    const from = systemClock.monotonic();
    const all = perSecond * seconds;
    for (let sent = 0; sent < all; await pause(systemClock, 1)) {
      const due = Math.min(all, Math.ceil(((systemClock.monotonic() - from) / 1000) * perSecond));
      for (; sent < due; sent++) this.say(sent % this.speakers.length);
    }
  }

  /** Every visitor has one message on its way, and writes the next once an agent has seen it. */
  private async writeFlatOut(seconds: number): Promise<void> {
    this.next = (visitor) => this.say(visitor);
    this.speakers.forEach((_, speaker) => this.say(speaker));
    await pause(systemClock, seconds * 1000);
    this.next = undefined;
  }

  private say(speaker: number): void {
    const number = ++this.written;
    this.unseen.set(number, speaker);
    const sent = now();
    this.speakers[speaker]!.say(number, stampedText(number, sent), (answer) => {
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

const nothing: Answer = { seen: 0, waits: [], acknowledged: [], seconds: 0, lost: 0, behind: 0 };
const load = new Load();
process.on('message', (order: Order) => {
  void load.obey(order).then(
    (answer) => process.send!(answer),
    (error: Error) => process.send!({ ...nothing, problem: error.message }),
  );
});
process.once('disconnect', () => process.exit(0));
