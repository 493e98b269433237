import { ChannelName, outboundTopic, topics, type TopicSpec } from '@yixian/contracts';
import { stringify } from 'yaml';

/** The channels that are deployed: each has a topic of commands. */
const channels = ['chat', 'email', 'wechat'].map((name) => ChannelName.parse(name));

/** The largest event that the bus takes (8 MiB) with its key, headers and framing. */
const LARGEST_RECORD_BYTES = 8 * 1024 * 1024 + 64 * 1024;

/** Every topic as a custom resource of Strimzi: three replicas, two of them in sync, as the services make them. */
export function topicResources(): string {
  return [
    '# Made from libs/contracts by `node tools/k8s-check/topics.mjs`; a test compares.\n',
    ...[...Object.values(topics), ...channels.map(outboundTopic)].map(resourceOf),
  ].join('---\n');
}

function resourceOf(topic: TopicSpec): string {
  return stringify({
    apiVersion: 'kafka.strimzi.io/v1',
    kind: 'KafkaTopic',
    metadata: { name: topic.name, labels: { 'strimzi.io/cluster': 'yixian' } },
    spec: {
      partitions: topic.partitions,
      replicas: 3,
      config: {
        'cleanup.policy': topic.cleanup,
        'retention.ms': topic.retentionMs,
        'min.insync.replicas': 2,
        'max.message.bytes': LARGEST_RECORD_BYTES,
      },
    },
  });
}
