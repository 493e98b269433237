import type { Cursors } from '../../delivery/cursors.ts';

/** Where a subscription stands in each partition. The brokers' own offsets are only for people who watch the lag. */
export interface Positions {
  /**
   * The next offset to read, for each of the partitions; `null`: never read, so from the earliest record on. Asked
   * after every join. Rejects while the answer cannot be had.
   */
  load(partitions: number[]): Promise<Map<number, number | null>>;
  /** Everything below `next` is settled. */
  moved(partition: number, next: number): void;
}

/** A group's cursors lie in PostgreSQL, beside the effects. */
export class StoredPositions implements Positions {
  constructor(
    private readonly cursors: Cursors,
    private readonly group: string,
    private readonly topic: string,
  ) {}

  async load(partitions: number[]): Promise<Map<number, number | null>> {
    const stored = await this.cursors.read(this.group, this.topic);
    return new Map(partitions.map((partition) => [partition, stored.get(partition) ?? null]));
  }

  /** The delivery has stored it. */
  moved(): void {}
}

/** A process that reads for itself alone keeps its place as long as it lives, through every rejoin. */
export class KeptPositions implements Positions {
  constructor(private readonly places: Map<number, number | null>) {}

  async load(partitions: number[]): Promise<Map<number, number | null>> {
    return new Map(partitions.map((partition) => [partition, this.places.get(partition) ?? null]));
  }

  moved(partition: number, next: number): void {
    this.places.set(partition, next);
  }
}
