import { pause, systemClock } from '@yixian/contracts';

/** What one way of publishing did under load. Messages are numbers; `number % keys` is the key. */
export class KafkaLoad {
  sent = 0;
  readonly acknowledged = new Set<number>();
  /** In the order they were read, the first time each. */
  readonly received: number[] = [];
  readonly refused: unknown[] = [];
  private readonly seen = new Set<number>();
  private running: Promise<void> | undefined;
  private whole = 0;
  private stopping = false;
  /** When each message was acknowledged, by the monotonic clock. */
  private readonly acknowledgedAt: number[] = [];

  /** `send` resolves when the message is acknowledged. */
  constructor(
    private readonly send: (n: number) => Promise<void>,
    readonly keys: number,
  ) {}

  start(perSecond: number): void {
    this.running = this.run(1000 / perSecond);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  receive(n: number): void {
    if (this.seen.has(n)) return;
    this.seen.add(n);
    this.received.push(n);
  }

  /** How many were acknowledged in the last `ms`. */
  acknowledgedWithin(ms: number): number {
    const since = systemClock.monotonic() - ms;
    return this.acknowledgedAt.filter((at) => at >= since).length;
  }

  /** All before this one are acknowledged. */
  get acknowledgedUpTo(): number {
    while (this.acknowledged.has(this.whole)) this.whole += 1;
    return this.whole;
  }

  /** Acknowledged, but never received. */
  get lost(): number[] {
    return [...this.acknowledged].filter((n) => !this.seen.has(n));
  }

  /** Received after a later message of the same key. */
  get overtaken(): number[] {
    const newest = new Map<number, number>();
    return this.received.filter((n) => {
      const before = newest.get(n % this.keys) ?? -1;
      newest.set(n % this.keys, Math.max(before, n));
      return n < before;
    });
  }

  private async run(everyMs: number): Promise<void> {
    const beginning = systemClock.monotonic();
    const underWay = new Set<Promise<void>>();
    while (!this.stopping) {
      const due = (systemClock.monotonic() - beginning) / everyMs;
      while (this.sent < due) {
        const sending = this.one(this.sent++).finally(() => underWay.delete(sending));
        underWay.add(sending);
      }
      await pause(systemClock, 5);
    }
    await Promise.all(underWay);
  }

  private async one(n: number): Promise<void> {
    try {
      await this.send(n);
      this.acknowledged.add(n);
      this.acknowledgedAt.push(systemClock.monotonic());
    } catch (error) {
      this.refused.push(error);
    }
  }
}
