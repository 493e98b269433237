import { systemClock } from '@yixian/contracts';
import { type Database, openDatabase } from '@yixian/database';
import { freshDatabase, testServer } from '@yixian/database/testing';
import pino from 'pino';
import { busSchema } from '../src/log/bus-schema.ts';
import type { OpenedBus } from '../src/open-bus.ts';
import { PostgresBus } from '../src/postgres.bus.ts';
import type { BusHarness, OpenHarness } from './bus-harness.ts';

const parts = [busSchema];
const log = pino({ level: 'silent' });

/** PostgreSQL alone: each member has connections of its own, so that one can be cut off. */
export const openPostgresHarness: OpenHarness = async (needs) => {
  const server = needs?.outage ? await testServer() : undefined;
  const database = server ? await server.database({ parts }) : await freshDatabase({ parts });
  const members = new Map<OpenedBus, Database>();
  const harness: BusHarness = {
    database,
    connect: (poolSize) =>
      openDatabase({ url: database.url, dataDir: '', parts, clock: systemClock, poolSize }),
    async bus(topics, connections) {
      const own = connections ?? (await harness.connect(5));
      const bus = await PostgresBus.open({
        database: own,
        clock: systemClock,
        log,
        source: '/yixian/test',
        topics,
      });
      members.set(bus, own);
      return bus;
    },
    async kill(bus) {
      await members.get(bus)?.close();
      members.delete(bus);
    },
    async put(topic, key, value) {
      await database.query(
        `with place as (select bus.partition_of($2, partitions) as partition from bus.topic where name = $1)
        insert into bus.log (topic, partition, "offset", at, key, headers, value)
        select $1, partition, bus.take_offsets($1, partition, 1), now(), $2, '{}', $3 from place`,
        [topic.name, key, value],
      );
    },
    ...(server && {
      async outage() {
        await server.kill();
        return { end: () => server.start() };
      },
    }),
    async close() {
      for (const [bus, own] of members) await bus.close().finally(() => own.close());
      await (server ? server.remove() : database.close());
    },
  };
  return harness;
};
