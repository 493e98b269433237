import type { ContactId, Entry, EntryId, EntryKind, TimelineQuery } from '@yixian/contracts';
import { newId, TimelinePage } from '@yixian/contracts';
import fc from 'fast-check';
import { aReply } from '../../testing/a-reply.ts';
import { aMessage, lin, mei, TestRecord } from '../../testing/record.ts';
import { InvalidPosition } from '../conversations/position.ts';

let record: TestRecord;
let contact: ContactId;
/** The whole timeline, oldest first, as the events told it. */
let all: Entry[];

beforeAll(async () => {
  record = await TestRecord.open();
  for (let n = 0; n < 6; n++) {
    for (const address of ['a', 'b']) await record.take([aMessage({ address }), aMessage({ address })]);
    record.clock.advance(1000);
  }
  const [a, b] = await record.database.query<{ id: never; contact: ContactId; identity: never }>(
    'select id, contact_id as contact, identity_id as identity from hub.conversation order by address',
  );
  for (let n = 0; n < 4; n++) {
    await record.conversations.reply(a!.id, aReply(), lin);
    await record.conversations.note(b!.id, { id: newId<EntryId>(), text: 'note' }, mei);
    record.clock.advance(1000);
  }
  await record.conversations.close(b!.id, mei);
  await record.contacts.link(a!.contact, b!.identity, 'same person', lin);
  contact = a!.contact;
  const told = (await record.events()).flatMap((event) =>
    event.kind === 'entry.recorded' ? [event.entry] : [],
  );
  all = told
    .map((entry) => ({ ...entry, contactId: contact }))
    .sort((one, other) => one.orderedAt - other.orderedAt || (one.id < other.id ? -1 : 1));
});
afterAll(() => record.close());

const pageOf = async (query: Partial<TimelineQuery>): Promise<TimelinePage> => {
  const page = await record.timeline.page(contact, { limit: 60, ...query });
  return TimelinePage.parse(JSON.parse(page!.json));
};
const positionOf = (entry: Entry): string => `${entry.orderedAt}_${entry.id}`;

describe('a page', () => {
  it('of a whole timeline holds every entry of every conversation, oldest first', async () => {
    expect(await pageOf({})).toEqual({
      entries: all,
      first: positionOf(all[0]!),
      last: positionOf(all.at(-1)!),
      older: false,
      newer: false,
    });
  });

  it('shows what became of what was sent', async () => {
    const { entries } = await pageOf({});
    const sent = entries.filter(({ direction }) => direction === 'out');
    expect(sent.map(({ delivery }) => delivery?.state)).toEqual(Array.from({ length: 4 }, () => 'queued'));
    expect(entries.filter(({ direction, delivery }) => direction !== 'out' && delivery)).toEqual([]);
  });

  it('is the slice of the timeline that was asked for', async () => {
    const kinds = fc.constantFrom<EntryKind[] | undefined>(
      undefined,
      ['note'],
      ['note', 'system'],
      ['message'],
      ['message', 'note'],
      ['call'],
    );
    const query = fc.record({
      limit: fc.integer({ min: 1, max: 12 }),
      place: fc.nat(all.length - 1),
      side: fc.constantFrom('before', 'after', 'around', 'newest'),
      kinds,
    });
    await fc.assert(
      fc.asyncProperty(query, async ({ limit, place, side, kinds }) => {
        const at = all[place]!;
        const asked =
          side === 'around' ? { around: at.id } : side === 'newest' ? {} : { [side]: positionOf(at) };
        const page = await pageOf({ limit, ...asked, kinds });
        const has = (entry: Entry) => !kinds || kinds.includes(entry.kind);
        const cut = side === 'newest' ? all.length : side === 'after' ? place + 1 : place;
        const [below, above] = [all.slice(0, cut).filter(has), all.slice(cut).filter(has)];
        const older = side === 'after' ? 0 : side === 'around' ? Math.floor(limit / 2) : limit;
        const newer = side === 'after' ? limit : side === 'around' ? limit - older : 0;
        const expected = [...(older > 0 ? below.slice(-older) : []), ...above.slice(0, newer)];
        expect(page.entries.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
        expect([page.older, page.newer]).toEqual([below.length > older, above.length > newer]);
        expect([page.first, page.last]).toEqual(
          [expected[0], expected.at(-1)].map((entry) => (entry ? positionOf(entry) : null)),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('is refused for a place that is none, and absent for nobody', async () => {
    for (const before of ['', 'x', '12', `1_'; drop table hub.entry`]) {
      await expect(pageOf({ before })).rejects.toThrow(InvalidPosition);
      await expect(pageOf({ after: before })).rejects.toThrow(InvalidPosition);
    }
    expect(await record.timeline.page(newId<ContactId>(), { limit: 5 })).toBeUndefined();
    expect(await record.timeline.page(contact, { limit: 5, around: newId<EntryId>() })).toBeUndefined();
  });
});
