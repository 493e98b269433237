import { jest } from '@jest/globals';
import type { ContactId, ConversationId, EntryId } from '@yixian/contracts';
import { TimelinePage } from '@yixian/contracts';
import fc from 'fast-check';
import { aReply } from '../../testing/a-reply.ts';
import { aMessage, expectSound, lin, TestRecord } from '../../testing/record.ts';

jest.setTimeout(120_000);

let record: TestRecord;
let run = 0;
beforeAll(async () => {
  record = await TestRecord.open();
});
afterAll(() => expectSound(record));
afterAll(() => record.close());

const HOUR = 3_600_000;
const customers = ['a', 'b'] as const;

/** A customer writes, by a channel whose clock is off; an agent answers; the hub's own clock goes on, or is set back. */
const step = fc.oneof(
  fc.record({
    kind: fc.constant('writes' as const),
    who: fc.constantFrom(...customers),
    clockOffBy: fc.constantFrom(-30 * 24 * HOUR, -HOUR, -1, 0, 1, HOUR, 30 * 24 * HOUR),
  }),
  fc.record({ kind: fc.constant('answer' as const), who: fc.constantFrom(...customers) }),
  fc.record({ kind: fc.constant('time' as const), ms: fc.constantFrom(-HOUR, -1, 1, 1000, HOUR) }),
);

it('an answer never sorts above its question, whatever the clocks say', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      run++;
      const address = (who: string) => `${run}-${who}`;
      const happened = new Map<string, EntryId[]>(customers.map((who) => [who, []]));
      const says = async (who: string, clockOffBy: number) => {
        const occurredAt = new Date(record.clock.now() + clockOffBy).toISOString();
        const message = aMessage({ address: address(who), occurredAt });
        await record.take([message]);
        happened.get(who)!.push(message.id);
      };
      for (const who of customers) await says(who, 0);
      const rows = await record.database.query<{ id: ConversationId; contact: ContactId; identity: never }>(
        `select id, contact_id as contact, identity_id as identity from hub.conversation
         where address = any($1) order by address`,
        [customers.map(address)],
      );
      for (const one of steps) {
        if (one.kind === 'time') record.clock.advance(one.ms);
        else if (one.kind === 'writes') await says(one.who, one.clockOffBy);
        else {
          const seen = happened.get(one.who)!;
          const reply = aReply({ seenSeq: seen.length });
          await record.conversations.reply(rows[customers.indexOf(one.who)]!.id, reply, lin);
          seen.push(reply.id);
        }
      }
      // One person: both conversations on one timeline.
      await record.contacts.link(rows[0]!.contact, rows[1]!.identity, 'the same', lin);
      const page = await record.timeline.page(rows[0]!.contact, { limit: 100 });
      const { entries } = TimelinePage.parse(JSON.parse(page!.json));
      for (const who of customers) {
        const order = new Set(happened.get(who));
        expect(entries.map(({ id }) => id).filter((id) => order.has(id))).toEqual([...order]);
      }
    }),
    { numRuns: 40 },
  );
});
