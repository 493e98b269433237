/** A record on its way to Kafka. */
export interface ProducedRecord {
  topic: string;
  partition: number;
  key: string;
  headers: Record<string, string>;
  value: string;
}

/** A record whose fate somebody waits for. Settled once; what comes after that is ignored. */
export interface Pending {
  record: ProducedRecord;
  /** When it was handed in, by the monotonic clock. */
  since: number;
  /** Whether it may be taken back when it waits too long. */
  withdrawable: boolean;
  resolve(): void;
  reject(error: unknown): void;
}

export interface WeighedPending extends Pending {
  /** About what the record takes in a request. */
  bytes: number;
}

/** Header names and framing, roughly; only limits hang on it. */
const FRAME_BYTES = 300;

export const bytesOf = (record: ProducedRecord): number =>
  Buffer.byteLength(record.value) + Buffer.byteLength(record.key) + FRAME_BYTES;
