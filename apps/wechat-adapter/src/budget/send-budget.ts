import type { AllowanceReport, ChannelHost } from '@yixian/channel';
import type { AccountId, Address } from '@yixian/contracts';
import { Recent } from '../recent.ts';
import { marginOf, spanOf } from './send-rules.ts';
import type { Opening, SendRules, Span } from './send-rules.ts';

/** What a customer did, by the id of the message or event: the newest of its span. */
interface Window {
  by: string;
  opening: Opening;
  /** Milliseconds since 1970, by Tencent's word. */
  at: number;
}

/** How many were sent since; of another `by` it is of the past. */
type Spent = Partial<Record<Span, { by: string; count: number }>>;

interface Told {
  left: number | null;
  until: number;
}

interface Open {
  span: Span;
  by: string;
  until: number;
  left: number;
}

/** Whether messages may be sent, and what to do if not. */
export type Taken =
  { ok: true; parts: [Span, string, number][] } | { ok: false; why: 'window_closed' | 'waits_for_customer' };

export interface Customer {
  account: AccountId;
  address: Address;
}

const SPANS: Span[] = ['moment', 'long'];
/** An allowance is told again when its end has moved by more, in ms: not with each message of a chat. */
const WORTH_TELLING = 10 * 60_000;
/** Customers whose last report is remembered. */
const MOST_KNOWN = 20_000;

/**
 * Counts what may still be sent to each customer. What customers did is written by whoever receives it, what was sent by
 * whoever sends, which the host lets one process do at a time: so neither needs a lock. Where the two cannot agree in
 * time, less is sent than allowed, never more.
 */
export class SendBudget {
  private readonly told = new Recent<Told>(MOST_KNOWN);
  private readonly newest = new Recent<Window>(MOST_KNOWN);

  constructor(
    private readonly host: Pick<ChannelHost, 'store' | 'clock' | 'reportAllowance'>,
    private readonly rules: SendRules,
  ) {}

  /** The customer did something that lets us write. */
  async open(
    customer: Customer,
    { opening, at, by }: { opening: Opening; at: number; by: string },
  ): Promise<void> {
    const rule = this.rules.rules[opening];
    if (!rule) return;
    const span = spanOf(rule);
    const key = windowKey(customer, span);
    const known = this.newest.get(key) ?? (await this.host.store.get<Window>(key));
    if (known && !isNewer({ at, by }, known)) return;
    const window: Window = { by, opening, at };
    this.newest.set(key, window);
    const [spent] = await Promise.all([
      known && this.host.store.get<Spent>(spentKey(customer)),
      this.host.store.put(key, window, { expiresAt: at + rule.windowMs }),
    ]);
    // What was sent meanwhile may have been told by another process.
    if (known && spent?.[span]?.by === known.by) this.told.delete(toldKey(customer));
    // Nothing was sent since: what is left needs no looking up, and mostly no telling.
    if (span === 'long')
      await this.report(customer, { left: rule.messages, until: at + rule.windowMs - marginOf(span) });
    else await this.tell(customer);
  }

  /** Takes `count` messages off, those that end first. All or none. */
  async take(customer: Customer, count: number): Promise<Taken> {
    if (this.isFree || count === 0) return { ok: true, parts: [] };
    const open = await this.windows(customer);
    if (open.length === 0) {
      await this.tell(customer);
      return { ok: false, why: 'window_closed' };
    }
    if (open.reduce((sum, { left }) => sum + left, 0) < count) {
      await this.tell(customer);
      return { ok: false, why: 'waits_for_customer' };
    }
    const parts: [Span, string, number][] = [];
    let missing = count;
    for (const { span, by, left } of open) {
      const taken = Math.min(left, missing);
      if (taken > 0) parts.push([span, by, taken]);
      missing -= taken;
    }
    await this.spend(customer, parts, 1);
    await this.tell(customer);
    return { ok: true, parts };
  }

  /** Of what was taken, `count` were surely not sent. */
  async giveBack(customer: Customer, taken: Taken, count: number): Promise<void> {
    if (!taken.ok || count === 0) return;
    let missing = count;
    const parts = taken.parts.toReversed().map(([span, by, of]): [Span, string, number] => {
      const back = Math.min(of, missing);
      missing -= back;
      return [span, by, back];
    });
    await this.spend(customer, parts, -1);
    await this.tell(customer);
  }

  /** Tencent refused what we thought allowed: it counts otherwise than we do, and it is right. */
  async exhaust(customer: Customer): Promise<void> {
    const open = await this.windows(customer);
    const rest = open.map(({ span, by, left }): [Span, string, number] => [
      span,
      by,
      left === Infinity ? 0 : left,
    ]);
    await this.spend(customer, rest, 1);
    await this.tell(customer);
  }

  /** When the customer last did something, in ms since 1970. */
  async lastHeard(customer: Customer): Promise<number | undefined> {
    const windows = await Promise.all(
      SPANS.map((span) => this.host.store.get<Window>(windowKey(customer, span))),
    );
    const times = windows.flatMap((window) => (window ? [window.at] : []));
    return times.length > 0 ? Math.max(...times) : undefined;
  }

  private get isFree(): boolean {
    return Object.keys(this.rules.rules).length === 0;
  }

  /** What is open now, that which ends first in front. */
  private async windows(customer: Customer): Promise<Open[]> {
    const [spent, ...windows] = await Promise.all([
      this.host.store.get<Spent>(spentKey(customer)),
      ...SPANS.map((span) => this.host.store.get<Window>(windowKey(customer, span))),
    ]);
    return SPANS.flatMap((span, n) => {
      const window = windows[n];
      const rule = window && this.rules.rules[window.opening];
      if (!window || !rule) return [];
      const until = window.at + rule.windowMs - marginOf(span);
      const used = spent?.[span]?.by === window.by ? spent[span].count : 0;
      const left = rule.messages === null ? Infinity : Math.max(0, rule.messages - used);
      return until > this.host.clock.now() ? [{ span, by: window.by, until, left }] : [];
    });
  }

  private async spend(customer: Customer, parts: [Span, string, number][], sign: 1 | -1): Promise<void> {
    const spent: Spent = { ...(await this.host.store.get<Spent>(spentKey(customer))) };
    for (const [span, by, count] of parts) {
      const before = spent[span]?.by === by ? spent[span].count : 0;
      spent[span] = { by, count: Math.max(0, before + sign * count) };
    }
    const expiresAt = this.host.clock.now() + 3 * 24 * 3_600_000;
    await this.host.store.put(spentKey(customer), spent, { expiresAt });
  }

  private async tell(customer: Customer): Promise<void> {
    const open = await this.windows(customer);
    const total = open.reduce((sum, { left }) => sum + left, 0);
    const left = total === Infinity ? null : total;
    const until = Math.max(0, ...open.map((one) => one.until));
    await this.report(customer, { left, until });
  }

  private async report(customer: Customer, now: Told): Promise<void> {
    const key = toldKey(customer);
    const before = this.told.get(key);
    if (before && before.left === now.left && Math.abs(before.until - now.until) < WORTH_TELLING) return;
    this.told.set(key, now);
    await this.host.reportAllowance(customer.account, customer.address, this.allowanceOf(now));
  }

  /** `until` 0: nothing is open. */
  private allowanceOf({ left, until }: Told): AllowanceReport {
    const { alternatives } = this.rules;
    if (until === 0) return { until: null, left: 0, reason: 'window_closed', alternatives };
    return { until, left, alternatives, ...(left === 0 && { reason: 'waits_for_customer' }) };
  }
}

/** Tencent counts seconds, and its ids grow: what is pushed once more must not count as another message. */
const isNewer = (one: Pick<Window, 'at' | 'by'>, other: Pick<Window, 'at' | 'by'>): boolean =>
  one.at === other.at
    ? one.by.length > other.by.length || (one.by.length === other.by.length && one.by > other.by)
    : one.at > other.at;

const windowKey = ({ account, address }: Customer, span: Span) => `window:${account}:${address}:${span}`;
const toldKey = ({ account, address }: Customer) => `${account}:${address}`;
const spentKey = ({ account, address }: Customer) => `spent:${account}:${address}`;
