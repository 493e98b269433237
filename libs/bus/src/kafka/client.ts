import { type Clock, systemClock } from '@yixian/contracts';
import kafkajs, { type Kafka } from 'kafkajs';
import type { Logger } from 'pino';
import { answeringFirst } from './answering-brokers.ts';
import { stopIdleTimers } from './idle-timers.ts';
import { kafkaLogCreator } from './kafka-log.ts';

export interface KafkaClientOptions {
  /** `host:port` of some brokers; the rest is learned from them. */
  brokers: string[];
  /** Names the connections on the brokers: the service. */
  clientId: string;
  log: Logger;
  clock?: Clock;
  /** How long one request may take. A frozen broker is noticed after this. */
  requestTimeoutMs?: number;
  /** How often kafkajs tries by itself before it gives up. */
  retries?: number;
}

const CONNECT_TIMEOUT_MS = 1500;
const REQUEST_TIMEOUT_MS = 3000;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 1000;

/**
 * A kafkajs client that begins with a broker that answers: one that is made after an error does not ask the broker
 * that failed.
 */
export function kafkaClient(options: KafkaClientOptions): Kafka {
  const { brokers, clientId, clock = systemClock, log, requestTimeoutMs, retries } = options;
  stopIdleTimers();
  return new kafkajs.Kafka({
    clientId,
    brokers: () => answeringFirst(brokers, clock),
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
    logLevel: kafkajs.logLevel.INFO,
    logCreator: kafkaLogCreator(log),
    retry: {
      initialRetryTime: FIRST_RETRY_MS,
      maxRetryTime: LONGEST_RETRY_MS,
      factor: 0.2,
      multiplier: 2,
      retries: retries ?? 0,
      restartOnFailure: async () => false,
    },
  });
}
