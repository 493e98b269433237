// Plays the customers and the agents of a torture run, in a process of its own. Told what to do by its parent.
import { closeSync, openSync, writeSync } from 'node:fs';
import { systemClock } from '@yixian/contracts';
import { Customer } from './customer.ts';
import { DeskCalls } from './desk-calls.ts';
import { Desk } from './desk.ts';
import { Journal } from './journal.ts';
import type { FromLoad, LoadOrders, ReportLine, ToLoad } from './load-orders.ts';
import { Correspondent } from './post/correspondent.ts';
import { Random } from './random.ts';
import { Replies } from './replies.ts';
import type { Writer } from './writer.ts';

/** Customers who write at a time: so many, and one more for so many messages a second. */
const PRESENT = 30;
const RATE_OF_ONE = 5;
/** One in so many writes by post. */
const BY_POST = 5;
/** After about so many messages one leaves and another comes. */
const STAY_FOR = 250;
/** How often who leaves does so with messages still on their way. */
const LEAVES_SUDDENLY = 0.3;
/** The most a customer writes ahead while nothing is acknowledged. */
const MOST_AHEAD = 200;
/** Of customers' messages: answered (but no more than so many a second), followed by closing, followed by reading. */
const ANSWERED = 0.25;
const ANSWERS_A_SECOND = 40;
const CLOSED = 0.01;
const READ = 0.1;
const TICK_MS = 50;
const STATE_EVERY_MS = 500;

const tell = (message: FromLoad): void => void process.send?.(message);

class Load {
  private readonly clock = systemClock;
  private readonly random: Random;
  private readonly journal: Journal;
  private readonly replies: Replies;
  private readonly customers: Writer[] = [];
  private readonly present: Writer[] = [];
  private readonly desks: Desk[];
  private owed = 0;
  private lastTick = systemClock.monotonic();
  private calming = false;
  /** Of those who left. */
  private writtenBefore = 0;

  constructor(private readonly orders: LoadOrders) {
    this.random = new Random(orders.seed + 1);
    this.journal = new Journal(orders.journal, this.clock, orders.startedAt);
    const onWrong = this.wrong;
    this.replies = new Replies({ clock: this.clock, journal: this.journal, random: this.random, onWrong });
    this.desks = orders.tokens.map((token, index) => this.desk(token, index));
    for (let i = 0; i < PRESENT + orders.rate / RATE_OF_ONE; i++) this.admit();
    this.tick();
    this.state();
  }

  calm(): void {
    this.calming = true;
  }

  report(file: string): void {
    this.journal.flush();
    const out = openSync(file, 'w');
    for (const lines of this.reportLines()) writeSync(out, lines);
    closeSync(out);
    tell({ said: 'reported' });
  }

  /** In pieces, so that a long run's report is never held whole. */
  private *reportLines(): Generator<string> {
    const json = (line: ReportLine): string => `${JSON.stringify(line)}\n`;
    for (const customer of this.customers) yield json({ customer: customer.side() });
    for (const desk of this.desks) for (const agent of desk.sides()) yield json({ agent });
    const { records } = this.replies;
    for (let from = 0; from < records.length; from += 1000)
      yield records
        .slice(from, from + 1000)
        .map((record, index) => json({ reply: from + index + 1, ...record }))
        .join('');
  }

  end(): void {
    this.journal.close();
    process.exit(0);
  }

  private readonly wrong = (who: string, says: string): void => {
    this.journal.note(who, `WRONG ${says}`);
    tell({ said: 'wrong', who, says });
  };

  private admit(): void {
    const { visitorUrls, postUrls, site, run, longPolling } = this.orders;
    const { clock, journal, random } = this;
    const means = { clock, journal, random, run, onWrong: this.wrong };
    const number = this.customers.length + 1;
    const customer =
      postUrls.length > 0 && number % BY_POST === 0
        ? new Correspondent(number, { ...means, urls: postUrls })
        : new Customer(number, { ...means, urls: visitorUrls, site, longPolling });
    this.customers.push(customer);
    this.present.push(customer);
  }

  private desk(token: string, index: number): Desk {
    const { clock, journal, random } = this;
    const name = `a${index + 1}`;
    const calls = new DeskCalls(() => random.one(this.orders.deskUrls), token);
    return new Desk(name, {
      clock,
      journal,
      random,
      token,
      calls,
      urls: this.orders.deskUrls,
      onWrong: this.wrong,
      onMessage: (entry, seenSeq) => {
        if (this.calming) return;
        const mine = entry.seq % this.orders.tokens.length === index;
        if ((mine || random.chance(0.1)) && random.chance(this.answered))
          this.replies.write(name, calls, entry, seenSeq);
        if (mine && random.chance(CLOSED)) void calls.act(entry.conversationId, 'close').catch(() => {});
        if (mine && random.chance(READ))
          void calls.act(entry.conversationId, 'read', { seq: seenSeq }).catch(() => {});
      },
    });
  }

  private get answered(): number {
    return Math.min(ANSWERED, ANSWERS_A_SECOND / this.orders.rate);
  }

  private tick(): void {
    const now = this.clock.monotonic();
    if (!this.calming) this.owed += ((now - this.lastTick) / 1000) * this.orders.rate;
    this.lastTick = now;
    for (; this.owed >= 1 && !this.calming; this.owed--) this.write();
    this.clock.after(TICK_MS, () => this.tick());
  }

  private write(): void {
    const customer = this.random.one(this.present);
    if (customer.waiting < MOST_AHEAD) customer.write();
    if (customer.amount < STAY_FOR * (0.5 + this.random.next())) return;
    if (customer.waiting > 0 && !this.random.chance(LEAVES_SUDDENLY)) return;
    this.present.splice(this.present.indexOf(customer), 1);
    this.writtenBefore += customer.amount;
    customer.leave();
    this.admit();
  }

  private state(): void {
    const sum = (of: (customer: Writer) => number): number =>
      this.present.reduce((total, customer) => total + of(customer), 0);
    const restless = [...this.present, ...this.desks].filter(({ isCalm }) => !isCalm).map(({ name }) => name);
    tell({
      said: 'state',
      written: this.writtenBefore + sum(({ amount }) => amount),
      waiting: sum(({ waiting }) => waiting),
      replies: this.replies.records.length,
      calm: this.replies.isCalm && restless.length === 0,
      bytes: process.memoryUsage.rss(),
      restless: [...(this.replies.isCalm ? [] : ['replies']), ...restless],
    });
    this.clock.after(STATE_EVERY_MS, () => this.state());
  }
}

let load: Load | undefined;
process.on('message', (message: ToLoad) => {
  if (message.do === 'begin') load = new Load(message.orders);
  if (message.do === 'calm') load?.calm();
  if (message.do === 'report') load?.report(message.file);
  if (message.do === 'end') load?.end();
});
// Nobody is left to report to.
process.on('disconnect', () => process.exit(1));
