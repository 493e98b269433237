import type { TopicSpec } from '@yixian/contracts';
import kafkajs, { type Admin } from 'kafkajs';
import type { Logger } from 'pino';
import { MAX_EVENT_BYTES } from '../event-codec.ts';
import { kafkaClient } from './client.ts';

/** A topic exists with settings that events cannot live with. Nothing was changed: a person must decide. */
export class BrokerTopicMismatch extends Error {
  readonly code = 'topic_mismatch';
  readonly retryable = false;
  constructor(
    readonly topic: string,
    reason: string,
  ) {
    super(`The topic ${topic} on Kafka is not the one of the contracts: ${reason}`);
  }
}

export interface CreateTopicsOptions {
  brokers: string[];
  topics: readonly TopicSpec[];
  log: Logger;
  /** Default: three where there are three brokers, else as many as there are. */
  replicationFactor?: number;
}

const MOST_REPLICAS = 3;
/** Beside the value: key, headers, framing. */
const RECORD_OVERHEAD_BYTES = 64 * 1024;
/** A start beside brokers that start too: kafkajs waits up to a second between tries. */
const RETRIES = 10;

/**
 * Creates the topics that are missing, with their settings, and checks those that exist. Throws {@link BrokerTopicMismatch}
 * when one has another number of partitions or another cleanup policy. Retention is the operator's to change: it is
 * set at creation and not looked at again.
 */
export async function createTopics(options: CreateTopicsOptions): Promise<void> {
  const { brokers, topics, log } = options;
  const admin = kafkaClient({ brokers, clientId: 'yixian-topics', log, retries: RETRIES }).admin();
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const missing = topics.filter(({ name }) => !existing.has(name));
    if (missing.length > 0) await create(admin, missing, options);
    await check(admin, topics);
  } finally {
    await admin.disconnect();
  }
}

async function create(
  admin: Admin,
  topics: readonly TopicSpec[],
  options: CreateTopicsOptions,
): Promise<void> {
  const { brokers } = await admin.describeCluster();
  const replicas = options.replicationFactor ?? Math.min(MOST_REPLICAS, brokers.length);
  await admin.createTopics({
    waitForLeaders: true,
    topics: topics.map((topic) => ({
      topic: topic.name,
      numPartitions: topic.partitions,
      replicationFactor: replicas,
      configEntries: settingsOf(topic, replicas),
    })),
  });
  options.log.info({ topics: topics.map(({ name }) => name), replicas }, 'Kafka topics created.');
}

/** With two replicas in sync an acknowledged event survives the loss of any one broker. */
function settingsOf(topic: TopicSpec, replicas: number): { name: string; value: string }[] {
  return Object.entries({
    'cleanup.policy': topic.cleanup,
    'retention.ms': topic.retentionMs,
    'min.insync.replicas': replicas > 1 ? 2 : 1,
    'max.message.bytes': MAX_EVENT_BYTES + RECORD_OVERHEAD_BYTES,
  }).map(([name, value]) => ({ name, value: String(value) }));
}

async function check(admin: Admin, topics: readonly TopicSpec[]): Promise<void> {
  const found = await admin.fetchTopicMetadata({ topics: topics.map(({ name }) => name) });
  const partitions = new Map(found.topics.map((topic) => [topic.name, topic.partitions.length]));
  const policies = await cleanupPolicies(admin, topics);
  for (const topic of topics) {
    const count = partitions.get(topic.name);
    if (count !== topic.partitions) {
      throw new BrokerTopicMismatch(topic.name, `it has ${count} partitions instead of ${topic.partitions}.`);
    }
    const policy = policies.get(topic.name);
    if (policy !== topic.cleanup) {
      throw new BrokerTopicMismatch(
        topic.name,
        `its cleanup.policy is ${policy} instead of ${topic.cleanup}.`,
      );
    }
  }
}

async function cleanupPolicies(
  admin: Admin,
  topics: readonly TopicSpec[],
): Promise<Map<string, string | undefined>> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: topics.map(({ name }) => ({
      type: kafkajs.ConfigResourceTypes.TOPIC,
      name,
      configNames: ['cleanup.policy'],
    })),
  });
  return new Map(resources.map((one) => [one.resourceName, one.configEntries[0]?.configValue]));
}
