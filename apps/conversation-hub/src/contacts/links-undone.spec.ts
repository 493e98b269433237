import type { ContactId, IdentityId } from '@yixian/contracts';
import fc from 'fast-check';
import { aMessage, expectSound, lin, TestRecord } from '../../testing/record.ts';

let record: TestRecord;
beforeAll(async () => {
  record = await TestRecord.open();
});
afterAll(() => expectSound(record));
afterAll(() => record.close());

let run = 0;
const customers = ['a', 'b', 'c', 'd'];
const address = (name: string) => `${run}-${name}`;
const step = fc.oneof(
  fc.record({ kind: fc.constant('message' as const), who: fc.constantFrom(...customers) }),
  fc.record({
    kind: fc.constant('link' as const),
    who: fc.constantFrom(...customers),
    to: fc.constantFrom(...customers),
  }),
);

async function identities(): Promise<Map<string, { id: IdentityId; contactId: ContactId }>> {
  const rows = await record.database.query<{ id: IdentityId; contactId: ContactId; address: string }>(
    `select id, contact_id as "contactId", address from hub.identity where address like $1`,
    [address('%')],
  );
  return new Map(rows.map((row) => [row.address, row]));
}

/** Who and what belongs to whom, and what the contacts show: all that a link may touch. */
const belongings = () =>
  record.database.query(
    `select t.id, t.name, t.attributes, t.search,
       (select array_agg(i.id order by i.id) from hub.identity i where i.contact_id = t.id) as identities,
       (select array_agg(c.id order by c.id) from hub.conversation c where c.contact_id = t.id) as conversations,
       (select array_agg(e.id order by e.id) from hub.entry e where e.contact_id = t.id) as entries
     from hub.contact t
     where t.id in (select hub.derived_id('contact', i.id::text) from hub.identity i where i.address like $1)
     order by t.id`,
    [address('%')],
  );

it('links, undone in any order that undoes each, leave what there would be without them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      run++;
      const say = async (name: string) =>
        record.take([
          aMessage({
            address: address(name),
            sender: { name: `name of ${name}`, attributes: { [name]: 1 }, claims: [] },
          }),
        ]);
      for (const name of customers) await say(name);
      const homes = await identities();
      for (const { kind, who, ...rest } of steps) {
        if (kind === 'message') await say(who);
        else {
          const now = await identities();
          const target = now.get(address((rest as { to: string }).to))!.contactId;
          await record.contacts.link(target, now.get(address(who))!.id, 'test', lin);
        }
      }
      // Undo what stands until everybody is at home again.
      for (let moved = true; moved;) {
        moved = false;
        for (const [, { id, contactId }] of await identities()) {
          const outcome = await record.contacts.unlink(contactId, id, 'undo', lin);
          moved ||= outcome !== undefined && !('outcome' in outcome);
        }
      }
      expect(await identities()).toEqual(homes);
      for (const row of (await belongings()) as {
        identities: string[];
        name: string;
        attributes: object;
      }[]) {
        expect(row.identities).toHaveLength(1);
        expect(Object.keys(row.attributes)).toEqual([row.name.replace('name of ', '')]);
      }
      const stray = await record.database.query(
        `select from hub.entry e join hub.conversation c on c.id = e.conversation_id join hub.identity i on i.id = c.identity_id
         where e.contact_id <> i.contact_id or c.contact_id <> i.contact_id`,
      );
      expect(stray).toEqual([]);
    }),
    { numRuns: 20 },
  );
}, 60_000);

it('a link and its undoing change nothing that they touch', async () => {
  run++;
  for (const name of customers)
    await record.take([aMessage({ address: address(name), sender: { name, claims: [] } })]);
  const before = await belongings();
  const now = await identities();
  for (const name of ['b', 'c'])
    await record.contacts.link(now.get(address('a'))!.contactId, now.get(address(name))!.id, 'test', lin);
  expect(await belongings()).not.toEqual(before);
  for (const name of ['b', 'c'])
    await record.contacts.unlink(now.get(address('a'))!.contactId, now.get(address(name))!.id, 'undo', lin);
  expect(await belongings()).toEqual(before);
});
