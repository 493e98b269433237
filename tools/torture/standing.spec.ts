import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { busSchema } from '@yixian/bus';
import { channelSchema } from '@yixian/channel';
import { newId } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import { freshDatabase } from '@yixian/database/testing';
import { hubSchema } from '../../apps/conversation-hub/src/hub-schema.ts';
import { standingOf } from './standing.ts';

const me = newId<string>();
let database: Database;
beforeAll(async () => {
  database = await freshDatabase({ parts: [busSchema, channelSchema, hubSchema] });
  const fill = [
    `insert into bus.topic values ('t', 2, 'delete', 0)`,
    `insert into bus.partition values ('t', 0, 5), ('t', 1, 7)`,
    // Of partition 0 the first three rows are gone already; of partition 1 nothing is left.
    `insert into bus.log select 't', 0, n, now(), 'k', '{}', '{}' from generate_series(3, 4) as n`,
    `insert into bus.cursor values ('hub', 't', 0, 4), ('relay', 't', 0, 3), ('relay', 't', 1, 7)`,
    `insert into bus.member values ('${me}', clock_timestamp() + interval '1 minute')`,
    `insert into bus.membership values ('${me}', 'hub', 't'), ('${me}', 'relay', 't')`,
    `insert into bus.lease values ('relay', 't', 0, '${me}')`,
    `insert into channel.lane (channel, partition, owner) values ('post', 0, '${me}'), ('post', 1, '${me}')`,
    `insert into channel.send_ledger (message_id, channel, partition, account, address, kind, state)
      values (gen_random_uuid(), 'post', 1, 'letters', 'ann', 'message.send', 'sending')`,
  ];
  for (const sql of fill) await database.query(sql);
});
afterAll(() => database.close());

const standing = async (what: string, kafka: boolean): Promise<object[]> => {
  const rows = await standingOf((sql, values) => database.query(sql, values), { kafka });
  return rows.filter((row) => (row as { what: string }).what === what);
};

it('tells of every group on the log what it has not read, as rows that are there, and who should', async () => {
  expect(await standing('unread in the log', false)).toMatchObject([
    { grp: 'hub', partition: 0, rows: 1, owner: null, alive: false },
    { grp: 'relay', partition: 0, rows: 2, owner: me, alive: true },
  ]);
});

it('holds no offset of Kafka against one of the log', async () => {
  expect(await standing('unread in the log', true)).toMatchObject([{ grp: 'relay', rows: 2 }]);
  expect(await standing('cursors on Kafka', true)).toMatchObject([{ grp: 'hub', partitions: 1, read: 4 }]);
});

it('tells who is there, what they hold, and what was begun and not ended', async () => {
  expect(await standing('share', true)).toMatchObject([
    { grp: 'hub', alive: true, holds: [] },
    { grp: 'relay', alive: true, holds: [0] },
  ]);
  expect(await standing('lanes', true)).toMatchObject([{ channel: 'post', owner: me, partitions: [0, 1] }]);
  expect(await standing('unfinished', true)).toMatchObject([{ address: 'ann', state: 'sending', owner: me }]);
});
