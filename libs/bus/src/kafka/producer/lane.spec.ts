import { createRequire } from 'node:module';
import type { RecordMetadata, TopicMessages } from 'kafkajs';
import { confirmedBy } from './lane.ts';
import { PartitionQueue } from './partition-queue.ts';

type Send = (request: {
  acks: number;
  timeout: number;
  topicMessages: TopicMessages[];
}) => Promise<RecordMetadata[]>;
const require = createRequire(import.meta.url);
const kafkajsSend = require('kafkajs/src/producer/sendMessages') as (parts: object) => Send;
const createRetry = require('kafkajs/src/retry') as (options: object) => unknown;

class NotLeader extends Error {
  override readonly name = 'KafkaJSProtocolError';
  readonly type = 'NOT_LEADER_FOR_PARTITION';
  readonly retriable = true;
}

/** Two brokers. Broker 2 leads partition 1, until it is asked to store something: then broker 1 leads it. */
function clusterWhoseLeaderMoves() {
  const stored = new Set<number>();
  const leaders = [1, 2];
  const broker = (nodeId: number) => ({
    nodeId,
    async produce({ topicData }: { topicData: { topic: string; partitions: { partition: number }[] }[] }) {
      const partitions = topicData.flatMap((topic) => topic.partitions.map(({ partition }) => partition));
      if (partitions.some((partition) => leaders[partition] !== nodeId) || nodeId === 2) {
        leaders[1] = 1;
        throw new NotLeader('Another broker leads it now.');
      }
      for (const partition of partitions) stored.add(partition);
      return {
        topics: [
          { topicName: 't', partitions: partitions.map((partition) => ({ partition, errorCode: 0 })) },
        ],
      };
    },
  });
  const brokers = [broker(1), broker(2)];
  const nothing = async () => undefined;
  return {
    stored,
    cluster: {
      addMultipleTargetTopics: nothing,
      refreshMetadataIfNecessary: nothing,
      refreshMetadata: nothing,
      isConnected: () => true,
      findTopicPartitionMetadata: () => leaders.map((leader, partitionId) => ({ leader, partitionId })),
      findLeaderForPartitions: (_: string, partitions: string[]) =>
        Object.fromEntries(
          [1, 2]
            .map((id) => [id, partitions.map(Number).filter((p) => leaders[p] === id)])
            .filter(([, p]) => (p as number[]).length > 0),
        ),
      findBroker: async ({ nodeId }: { nodeId: string }) =>
        brokers.find((one) => one.nodeId === Number(nodeId)),
    },
  };
}

function sender(cluster: object, retries: number): Send {
  const quiet = () => undefined;
  return kafkajsSend({
    logger: { debug: quiet, error: quiet },
    cluster,
    partitioner: ({ message }: { message: { partition: number } }) => message.partition,
    eosManager: {
      acquireBrokerLock: quiet,
      releaseBrokerLock: quiet,
      isTransactional: () => false,
      getSequence: () => 0,
      updateSequence: quiet,
      getProducerId: () => -1,
      getProducerEpoch: () => 0,
    },
    retrier: createRetry({ retries, initialRetryTime: 1, maxRetryTime: 1 }),
  });
}

const messages = [0, 1].map((partition) => ({ partition, key: null, value: 'x' }));
const request = { acks: -1, timeout: 100, topicMessages: [{ topic: 't', messages }] };

function batches() {
  return [0, 1].map((partition) => {
    const queue = new PartitionQueue('t', partition);
    const record = { topic: 't', partition, key: 'k', headers: {}, value: 'x' };
    const ignore = () => undefined;
    queue.add({ record, bytes: 1, since: 0, withdrawable: false, resolve: ignore, reject: ignore });
    return queue.take({ records: 1, bytes: 1 });
  });
}

test('kafkajs as it comes acknowledges a message that no broker has, when its leader moves during a send', async () => {
  const { cluster, stored } = clusterWhoseLeaderMoves();
  const answer = await sender(cluster, 5)(request);
  expect([...stored]).toEqual([0]);
  expect(answer).toHaveLength(1);
});

test('the guard counts only what the answer names', async () => {
  const { cluster, stored } = clusterWhoseLeaderMoves();
  const both = batches();
  const confirmed = confirmedBy(await sender(cluster, 5)(request), both);
  expect([...confirmed].map(({ queue }) => queue.partition)).toEqual([...stored]);
});

test('without retries of its own kafkajs says that it does not know', async () => {
  const { cluster } = clusterWhoseLeaderMoves();
  await expect(sender(cluster, 0)(request)).rejects.toThrow('Another broker leads it now.');
});

test('an answer with an error code confirms nothing', () => {
  const answer = [0, 1].map((partition) => ({
    topicName: 't',
    partition,
    errorCode: partition === 0 ? 6 : 0,
  }));
  expect([...confirmedBy(answer, batches())].map(({ queue }) => queue.partition)).toEqual([1]);
});
