import { type KafkaCluster, startKafka } from '../../../tools/kafka/cluster.mjs';

export type { KafkaCluster } from '../../../tools/kafka/cluster.mjs';

/** Long enough for one frozen broker to lose its leaders soon, short enough not to lose them to a busy machine. */
const SESSION_TIMEOUT_MS = 6000;

/**
 * A real Kafka for one test file, gone with the process. One broker takes 2 s to start. Where none can be run, this
 * rejects and says what is needed: a suite must fail then, not skip.
 */
export function kafkaCluster(brokers: 1 | 3 = 1): Promise<KafkaCluster> {
  return startKafka({ brokers, sessionTimeoutMs: SESSION_TIMEOUT_MS });
}
