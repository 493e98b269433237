import type { Clock, TopicSpec } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import type { Logger } from 'pino';
import type { Bus } from './bus.ts';
import type { DeadLetters } from './delivery/dead-letters.ts';
import { PostgresBus } from './postgres.bus.ts';

export interface BusOptions {
  /** `host:port` of Kafka brokers. Without any, the log in PostgreSQL is the bus. */
  brokers?: string[];
  database: Database;
  clock: Clock;
  log: Logger;
  /** `ce_source` of what this process publishes: `/yixian/chat-widget`. */
  source: string;
  topics: readonly TopicSpec[];
  /** The bus cannot go on in this process, which should end and be started anew. */
  onCrash: (error: Error) => void;
}

/** A bus with its quarantine. */
export interface OpenedBus extends Bus {
  readonly deadLetters: DeadLetters;
}

/** Opens the bus that the settings ask for. Kafka's client is loaded only where it is used. */
export async function openBus(options: BusOptions): Promise<OpenedBus> {
  const { brokers, ...rest } = options;
  if (!brokers?.length) return PostgresBus.open(rest);
  const { KafkaBus } = await import('./kafka/kafka.bus.ts');
  return KafkaBus.open({ ...rest, brokers });
}
