/** A running Kafka. Brokers are numbered from 1. */
export interface KafkaCluster {
  /** `host:port` of each broker. */
  readonly brokers: string[];
  /** As a power cut would end it. */
  kill(broker: number): Promise<void>;
  /** In order: hands its partitions over first. */
  stop(broker: number): Promise<void>;
  /** Starts a broker that was killed or stopped; resolves when it serves. */
  start(broker: number): Promise<void>;
  /** Takes all its time away: sockets stay open and nothing answers. */
  freeze(broker: number): Promise<void>;
  thaw(broker: number): Promise<void>;
  status(): Promise<{ id: number; broker: string; up?: boolean }[]>;
  /** Ends all brokers and deletes their data. */
  down(): Promise<void>;
}

/**
 * A real Apache Kafka: the brokers of `KAFKA_BROKERS` when that is set; else one or three brokers on the loopback
 * interface, as processes (Java 17, fetched where it can be) or in Docker. Rejects in words when none can be had.
 * The brokers end with this process unless `keep` is given.
 */
export function startKafka(options?: {
  brokers?: 1 | 3;
  /** How long a silent broker keeps the leadership of its partitions (default 9000). */
  sessionTimeoutMs?: number;
  keep?: boolean;
}): Promise<KafkaCluster>;

export function fetchKafka(): Promise<string>;
