import type { Cancel, Clock } from '@yixian/contracts';
import type { Command } from './command.ts';
import { laneKey } from './command.ts';

/** What the performer says of a command: it is over, or it has to wait. */
export type Performed = { over: true } | { over: false; afterMs: number };

interface Customer {
  queue: Command[];
  running: boolean;
  cancel: Cancel;
}

/**
 * Commands in memory, one queue per customer: in order for each, side by side for all, at most `concurrency` at a time.
 * A customer whose message waits to be tried again takes no place.
 */
export class LaneQueue {
  private readonly customers = new Map<string, Customer>();
  private readonly known = new Set<string>();
  /** Customers whose first command is due, in the order in which it came to be. */
  private readonly ready = new Set<string>();
  private running = 0;
  private halted = false;
  private changed: (() => void)[] = [];

  constructor(
    private readonly means: { clock: Clock; concurrency: number },
    private readonly perform: (command: Command) => Promise<Performed>,
  ) {}

  /** How many wait or run. */
  get size(): number {
    return this.known.size;
  }

  get busy(): number {
    return this.running;
  }

  has(id: string): boolean {
    return this.known.has(id);
  }

  /**
   * Puts a command where it belongs among those of its customer that do not run yet. One that is here already is not
   * taken again.
   */
  add(command: Command): void {
    if (this.known.has(command.id)) return;
    this.known.add(command.id);
    const key = laneKey(command);
    const customer = this.customers.get(key) ?? { queue: [], running: false, cancel: () => undefined };
    this.customers.set(key, customer);
    const after = customer.queue.findLastIndex(({ position }) => position < command.position);
    const place = Math.max(after + 1, customer.running ? 1 : 0);
    customer.queue.splice(place, 0, command);
    if (place === 0) this.arm(key, customer, command.dueInMs);
  }

  /** Starts nothing any more. What runs goes on. */
  halt(): void {
    this.halted = true;
  }

  /** Drops what waits in a lane, and resolves when nothing of it runs any more. */
  async clear(partition: number): Promise<void> {
    for (const [key, customer] of this.customers) {
      if (customer.queue[0]?.partition !== partition) continue;
      const kept = customer.running ? 1 : 0;
      for (const { id } of customer.queue.splice(kept)) this.known.delete(id);
      if (kept === 0) this.drop(key, customer);
    }
    this.tell();
    await this.until(() => this.runningIn(partition) === 0);
  }

  /** Resolves once `condition` holds; looked at whenever a command ends or is dropped. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.changed.push(resolve));
  }

  private runningIn(partition: number): number {
    return [...this.customers.values()].filter((one) => one.running && one.queue[0]?.partition === partition)
      .length;
  }

  private arm(key: string, customer: Customer, afterMs: number): void {
    const go = () => {
      this.ready.add(key);
      this.pump();
    };
    customer.cancel();
    this.ready.delete(key);
    customer.cancel = afterMs > 0 ? this.means.clock.after(afterMs, go) : () => undefined;
    if (afterMs <= 0) go();
  }

  private pump(): void {
    for (const key of this.ready) {
      if (this.halted || this.running >= this.means.concurrency) return;
      this.ready.delete(key);
      const customer = this.customers.get(key);
      if (customer && !customer.running && customer.queue.length > 0) void this.run(key, customer);
    }
  }

  private async run(key: string, customer: Customer): Promise<void> {
    const [command] = customer.queue;
    customer.running = true;
    this.running += 1;
    const performed = await this.perform(command!);
    customer.running = false;
    this.running -= 1;
    this.advance(key, customer, performed);
    this.pump();
    this.tell();
  }

  private advance(key: string, customer: Customer, performed: Performed): void {
    if (!performed.over) return this.arm(key, customer, performed.afterMs);
    this.known.delete(customer.queue.shift()!.id);
    const [next] = customer.queue;
    if (next) this.arm(key, customer, next.dueInMs);
    else this.drop(key, customer);
  }

  private drop(key: string, customer: Customer): void {
    customer.cancel();
    this.ready.delete(key);
    this.customers.delete(key);
  }

  private tell(): void {
    for (const resolve of this.changed.splice(0)) resolve();
  }
}
