import { type Clock, systemClock } from '@yixian/contracts';
import type { Logger } from 'pino';
import type { Admin, Kafka } from 'kafkajs';

/** kafkajs sometimes never settles a request whose connection broke. Its own limits are shorter than this, in ms. */
const ASKED_LONG_ENOUGH_MS = 6000;

/** Which broker leads each partition, as far as known. */
export class Leaders {
  private readonly topics = new Map<string, Map<number, number>>();
  private asking: Promise<void> | undefined;

  constructor(
    private readonly newClient: () => Kafka,
    private readonly log: Logger,
    private readonly clock: Clock = systemClock,
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
    let cancel = () => {};
    const late = new Promise<never>((_, reject) => {
      cancel = this.clock.after(ASKED_LONG_ENOUGH_MS, () => reject(new Error('No answer came.')));
    });
    try {
      await Promise.race([this.askAll(admin, topics), late]);
    } catch (error) {
      this.log.debug({ err: error }, 'No Kafka broker says who leads.');
    } finally {
      cancel();
      void admin.disconnect().catch(() => undefined);
    }
  }

  private async askAll(admin: Admin, topics: string[]): Promise<void> {
    await admin.connect();
    await Promise.all(topics.map((topic) => this.askFor(admin, topic)));
  }

  // One topic each: an answer with one unknown topic in it is an error as a whole.
  private async askFor(admin: Admin, topic: string): Promise<void> {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const partitions = topics[0]?.partitions ?? [];
    const led = partitions.filter(({ leader }) => leader >= 0);
    this.topics.set(topic, new Map(led.map(({ partitionId, leader }) => [partitionId, leader])));
  }
}
