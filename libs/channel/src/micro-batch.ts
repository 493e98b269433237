/**
 * Gathers what is asked for while the last batch runs, and does it all at once: one statement, one commit. `work` gives
 * a result for each item, in their order; when it throws, everyone in the batch gets the error.
 */
export class MicroBatch<Item, Result> {
  private waiting: { item: Item; resolve(result: Result): void; reject(error: unknown): void }[] = [];
  private running = false;

  constructor(
    private readonly work: (items: Item[]) => Promise<Result[]>,
    private readonly max = 200,
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
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.max);
      try {
        const results = await this.work(batch.map(({ item }) => item));
        batch.forEach(({ resolve }, at) => resolve(results[at]!));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.running = false;
  }
}
