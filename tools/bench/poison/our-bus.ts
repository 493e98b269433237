import { busSchema, openBus } from '@yixian/bus';
import { newId, systemClock } from '@yixian/contracts';
import type { TopicSpec } from '@yixian/contracts';
import type { TestServer } from '@yixian/database/testing';
import pino from 'pino';
import { z } from 'zod';
import type { Heard, Told, Way } from './told.ts';

const Event = z.object({
  kind: z.literal('told'),
  id: z.uuid(),
  partition: z.int(),
  sent: z.number(),
  poison: z.boolean(),
});

const topic: TopicSpec = {
  name: 'bench.poisoned.v1',
  partitions: 4,
  cleanup: 'delete',
  retentionMs: 3_600_000,
  key: 'any',
  schema: Event,
};

/** The bus as the product opens it; what the handler cannot take becomes a dead letter. */
export async function ourBus(server: TestServer, brokers: string[] | undefined, heard: Heard): Promise<Way> {
  const database = await server.database({ parts: [busSchema] });
  const bus = await openBus({
    database,
    clock: systemClock,
    log: pino({ level: 'silent' }),
    source: '/yixian/bench',
    topics: [topic],
    brokers,
    onCrash: (error) => {
      throw error;
    },
  });
  const keys = new Map<number, string>();
  const subscribed = await bus.subscribe<z.infer<typeof Event>>({
    topic,
    delivery: { group: 'bench' },
    handler: async ({ events, partition }) => {
      for (const { key } of events) keys.set(partition, key);
      if (events.some(({ data }) => data.poison)) throw new Error('poison');
      for (const { data } of events) if (data.partition >= 0) heard(data);
    },
  });
  await subscribed.ready;
  const say = (key: string, told: Told) =>
    bus.publish([{ topic, key, data: { kind: 'told', id: newId(), ...told } }]);
  // Which partition a key belongs to is the bus's own business: so many keys find each of them.
  for (let n = 0; keys.size < topic.partitions; n++)
    await say(`key ${n}`, { partition: -1, sent: 0, poison: false });
  return {
    say: (told) => say(keys.get(told.partition)!, told),
    async end() {
      await bus.close();
      await database.close();
    },
  };
}
