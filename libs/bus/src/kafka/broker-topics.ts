import type { TopicSpec } from '@yixian/contracts';
import type { Logger } from 'pino';
import { BrokerTopicMismatch, createTopics } from './topics.ts';

/** The topics that the brokers are known to have, each created at its first use. */
export class BrokerTopics {
  private readonly known = new Set<string>();
  private readonly asking = new Map<string, Promise<void>>();

  constructor(
    private readonly brokers: string[],
    private readonly log: Logger,
  ) {}

  has(topic: TopicSpec): boolean {
    return this.known.has(topic.name);
  }

  /** Rejects with {@link BrokerTopicMismatch}, or with whatever keeps the brokers from answering. */
  async ensure(topics: readonly TopicSpec[]): Promise<void> {
    await Promise.all(topics.filter((topic) => !this.has(topic)).map((topic) => this.ask(topic)));
  }

  private ask(topic: TopicSpec): Promise<void> {
    let asked = this.asking.get(topic.name);
    if (!asked) {
      asked = this.create(topic).finally(() => this.asking.delete(topic.name));
      this.asking.set(topic.name, asked);
    }
    return asked;
  }

  private async create(topic: TopicSpec): Promise<void> {
    try {
      await createTopics({ brokers: this.brokers, topics: [topic], log: this.log });
      this.known.add(topic.name);
    } catch (error) {
      const level = error instanceof BrokerTopicMismatch ? 'error' : 'warn';
      this.log[level]({ err: error, topic: topic.name }, 'A Kafka topic cannot be used.');
      throw error;
    }
  }
}
