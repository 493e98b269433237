import kafkajs from 'kafkajs';

const partitioner = kafkajs.Partitioners.DefaultPartitioner();
const metadata = new Map<number, { partitionId: number; leader: number }[]>();

/** The partition of a key: murmur2, as Kafka's own clients choose it, so that every client agrees. */
export function partitionOf(topic: string, key: string, partitions: number): number {
  let partitionMetadata = metadata.get(partitions);
  if (!partitionMetadata) {
    partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({ partitionId, leader: 0 }));
    metadata.set(partitions, partitionMetadata);
  }
  const known = partitionMetadata as Parameters<typeof partitioner>[0]['partitionMetadata'];
  return partitioner({ topic, partitionMetadata: known, message: { key, value: null } });
}
