import { jest } from '@jest/globals';
import type { DeliveryState, EntryId } from '@yixian/contracts';
import { deliveryClimbs, deliveryStates } from '@yixian/contracts';
import fc from 'fast-check';
import { aReply } from '../../testing/a-reply.ts';
import { aMessage, an, expectSound, lin, TestRecord } from '../../testing/record.ts';

jest.setTimeout(120_000);

let record: TestRecord;
let run = 0;
beforeAll(async () => {
  record = await TestRecord.open();
});
afterAll(() => expectSound(record));
afterAll(() => record.close());

/** What the channel may report, in any order and as often as it likes; some receipts come in one batch. */
const receipts = fc.array(
  fc.array(fc.record({ reply: fc.nat(2), state: fc.constantFrom(...deliveryStates) }), {
    minLength: 1,
    maxLength: 5,
  }),
  { maxLength: 8 },
);

it('what became of a message climbs the lattice, and every step is told once', async () => {
  await fc.assert(
    fc.asyncProperty(receipts, async (batches) => {
      const address = `delivery-${++run}`;
      await record.take([aMessage({ address })]);
      const [{ id }] = (await record.database.query('select id from hub.conversation where address = $1', [
        address,
      ])) as [{ id: never }];
      const replies: EntryId[] = [];
      for (let n = 0; n < 3; n++) {
        const reply = aReply({ seenSeq: n + 1 });
        await record.conversations.reply(id, reply, lin);
        replies.push(reply.id);
      }
      const model = replies.map<DeliveryState>(() => 'queued');
      let climbs = 0;
      for (const batch of batches) {
        await record.take(
          batch.map(({ reply, state }) =>
            an('receipt.reported', { address, messageId: replies[reply]!, state }),
          ),
        );
        for (const { reply, state } of batch) {
          if (!deliveryClimbs(model[reply]!, state)) continue;
          model[reply] = state;
          climbs++;
        }
      }
      const rows = await record.database.query<{ state: DeliveryState }>(
        `select d.state from hub.delivery d join hub.entry e on e.id = d.entry_id
         where e.conversation_id = $1 order by e.seq`,
        [id],
      );
      expect(rows.map(({ state }) => state)).toEqual(model);
      const told = await record.database.query(
        `select from hub.change where conversation_id = $1 and kind = 'delivery'`,
        [id],
      );
      expect(told).toHaveLength(climbs);
    }),
    { numRuns: 60 },
  );
});
