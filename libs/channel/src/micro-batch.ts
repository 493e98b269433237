interface Waiting<Item, Result> {
  item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** Most items in one batch. */
const MOST = 200;

/**
 * Gathers what is asked for while the last batch runs, and does it all at once: one statement, one commit. `work` gives
 * a result for each item, in their order. When it throws, everyone in the batch gets the error, unless it is one that
 * `apart` knows as the fault of one of them: then each is done alone.
 */
export class MicroBatch<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private running = false;

  constructor(
    private readonly work: (items: Item[]) => Promise<Result[]>,
    private readonly apart: (error: unknown) => boolean = () => false,
  ) {}

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.running) this.start();
    });
  }

  private start(): void {
    this.running = true;
    // What this turn of the event loop still brings goes along.
    queueMicrotask(() => void this.run());
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) await this.settle(this.waiting.splice(0, MOST));
    this.running = false;
  }

  private async settle(batch: Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.work(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, at) => resolve(results[at]!));
    } catch (error) {
      if (batch.length > 1 && this.apart(error)) for (const one of batch) await this.settle([one]);
      else for (const { reject } of batch) reject(error);
    }
  }
}
