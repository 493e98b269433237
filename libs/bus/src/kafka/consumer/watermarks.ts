import type { Kafka } from 'kafkajs';

/** The first offset a partition still has, and the one its next record will have. */
export interface Watermarks {
  low: number;
  high: number;
}

/** What each partition of a topic holds now. Rejects while no broker answers. */
export async function watermarks(newClient: () => Kafka, topic: string): Promise<Map<number, Watermarks>> {
  const admin = newClient().admin();
  try {
    await admin.connect();
    const offsets = await admin.fetchTopicOffsets(topic);
    return new Map(
      offsets.map(({ partition, low, high }) => [partition, { low: Number(low), high: Number(high) }]),
    );
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
