interface Delivery {
  controller: AbortController;
  done: Promise<void>;
  finish: () => void;
}

/** The partitions a member holds between two joins: where the cursor of each stands, and what of each is being delivered. */
export class Assignment {
  private readonly cursors = new Map<number, number | null>();

  /** `running`: shared with the assignments before, since what runs at a join ends after it. */
  constructor(private readonly running = new Map<number, Delivery>()) {}

  /** The assignment after the next join. Deliveries of partitions that were taken away are told to stop. */
  followedBy(partitions: number[]): Assignment {
    for (const [partition, { controller }] of this.running) {
      if (!partitions.includes(partition)) controller.abort();
    }
    return new Assignment(this.running);
  }

  stands(partition: number, cursor: number | null): void {
    this.cursors.set(partition, cursor);
  }

  /** The partitions of which it is known where their cursors stand. */
  get held(): number[] {
    return [...this.cursors.keys()];
  }

  /** Whether it is known where the partition's cursor stands. */
  knows(partition: number): boolean {
    return this.cursors.has(partition);
  }

  cursor(partition: number): number | null {
    return this.cursors.get(partition) ?? null;
  }

  /** Whether anything is being delivered. */
  get busy(): boolean {
    return this.running.size > 0;
  }

  begin(partition: number): AbortSignal {
    const controller = new AbortController();
    let finish!: () => void;
    const done = new Promise<void>((resolve) => {
      finish = resolve;
    });
    this.running.set(partition, { controller, done, finish });
    return controller.signal;
  }

  finish(partition: number): void {
    this.running.get(partition)?.finish();
    this.running.delete(partition);
  }

  /** Resolves when no delivery is running, of the given partitions or of any. */
  async settled(partitions: number[] = [...this.running.keys()]): Promise<void> {
    await Promise.all(partitions.map((partition) => this.running.get(partition)?.done));
  }

  abort(): void {
    for (const { controller } of this.running.values()) controller.abort();
  }
}
