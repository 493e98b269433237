import kafkajs, { type Kafka, type Producer, type RecordMetadata, type TopicMessages } from 'kafkajs';
import type { PartitionBatch } from './partition-queue.ts';

/** Waits for all in-sync replicas. */
const ALL_REPLICAS = -1;
const STORED = 0;

/**
 * The way to one broker: a client of its own, and one request under way at a time.
 *
 * kafkajs 2.2.4 loses acknowledged messages when the leader of a partition moves while one `send` spans brokers: its
 * retry remembers brokers, not partitions, and skips the moved ones (tulios/kafkajs#1798). So its retries are off, a
 * request is meant for one broker, and an answer counts only for the partitions it names.
 */
export class Lane {
  /** Since when a request is under way, by the monotonic clock. */
  busySince: number | undefined;
  private producer: Producer | undefined;
  private giveUp: ((reason: Error) => void) | undefined;

  constructor(
    readonly leader: number,
    private readonly newClient: () => Kafka,
    private readonly requestTimeoutMs: number,
  ) {}

  /** Sends the batches. Resolves to those that are certainly stored; rejects when nothing is known. */
  async send(batches: PartitionBatch[]): Promise<Set<PartitionBatch>> {
    const abandoned = new Promise<never>((_, reject) => {
      this.giveUp = reject;
    });
    abandoned.catch(() => undefined);
    try {
      return confirmedBy(await Promise.race([this.request(batches), abandoned]), batches);
    } catch (error) {
      this.drop();
      throw error;
    }
  }

  /** Makes a request that is under way reject now. It may still reach the broker. */
  abandon(why = `Broker ${this.leader} leads these partitions no more.`): void {
    this.giveUp?.(new Error(why));
  }

  /** Forgets the client: the next request is made with a new one. */
  drop(): void {
    void this.producer?.disconnect().catch(() => undefined);
    this.producer = undefined;
  }

  async close(): Promise<void> {
    await this.producer?.disconnect().catch(() => undefined);
    this.producer = undefined;
  }

  private async request(batches: PartitionBatch[]): Promise<RecordMetadata[]> {
    const producer = (this.producer ??= await this.connect());
    return producer.sendBatch({
      acks: ALL_REPLICAS,
      timeout: this.requestTimeoutMs,
      topicMessages: topicMessages(batches),
    });
  }

  private async connect(): Promise<Producer> {
    const producer = this.newClient().producer({
      allowAutoTopicCreation: false,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    return producer;
  }
}

/** The batches whose partitions the answer names as stored. */
export function confirmedBy(answer: RecordMetadata[], batches: PartitionBatch[]): Set<PartitionBatch> {
  const named = new Set(
    answer.filter(({ errorCode }) => errorCode === STORED).map((one) => `${one.topicName} ${one.partition}`),
  );
  return new Set(batches.filter(({ queue }) => named.has(`${queue.topic} ${queue.partition}`)));
}

function topicMessages(batches: PartitionBatch[]): TopicMessages[] {
  const byTopic = new Map<string, TopicMessages>();
  for (const { queue, pending } of batches) {
    const { topic, partition } = queue;
    const messages = byTopic.get(topic)?.messages ?? [];
    for (const { record } of pending) {
      messages.push({ partition, key: record.key, value: record.value, headers: record.headers });
    }
    byTopic.set(topic, { topic, messages });
  }
  return [...byTopic.values()];
}
