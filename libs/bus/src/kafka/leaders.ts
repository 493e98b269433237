import type { Logger } from 'pino';
import type { Admin, Kafka } from 'kafkajs';

/** Which broker leads each partition, as far as known. */
export class Leaders {
  private readonly topics = new Map<string, Map<number, number>>();
  private asking: Promise<void> | undefined;

  constructor(
    private readonly newClient: () => Kafka,
    private readonly log: Logger,
  ) {}

  of(topic: string, partition: number): number | undefined {
    return this.topics.get(topic)?.get(partition);
  }

  known(topic: string): boolean {
    return this.topics.has(topic);
  }

  leads(broker: number, topic: string): boolean {
    return [...(this.topics.get(topic)?.values() ?? [])].includes(broker);
  }

  /** Asks any broker that answers; resolves also when none does, with what was known before. */
  learn(topics: Iterable<string>): Promise<void> {
    this.asking ??= this.ask([...new Set([...this.topics.keys(), ...topics])]).finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  private async ask(topics: string[]): Promise<void> {
    const admin = this.newClient().admin();
    try {
      await admin.connect();
      await Promise.all(topics.map((topic) => this.askFor(admin, topic)));
    } catch (error) {
      this.log.debug({ err: error }, 'No Kafka broker says who leads.');
    } finally {
      void admin.disconnect().catch(() => undefined);
    }
  }

  // One topic each: an answer with one unknown topic in it is an error as a whole.
  private async askFor(admin: Admin, topic: string): Promise<void> {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const partitions = topics[0]?.partitions ?? [];
    const led = partitions.filter(({ leader }) => leader >= 0);
    this.topics.set(topic, new Map(led.map(({ partitionId, leader }) => [partitionId, leader])));
  }
}
