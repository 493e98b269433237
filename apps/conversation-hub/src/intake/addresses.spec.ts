import type { AddressReported, Allowance, Conversation, TimelineEvent } from '@yixian/contracts';
import { aMessage, an, expectSound, lin, TestRecord } from '../../testing/record.ts';

let record: TestRecord;
let customers = 0;
let address: string;
beforeAll(async () => {
  record = await TestRecord.open();
});
afterAll(() => expectSound(record));
afterAll(() => record.close());
beforeEach(() => {
  address = `customer-${++customers}`;
});

const bounced = { reason: 'mailbox_unknown', at: '2026-01-01T00:00:00.000Z' };
const allowance: Allowance = {
  until: '2026-01-03T00:00:00.000Z',
  left: 5,
  reason: null,
  alternatives: ['template'],
};
const reported = (known: Pick<AddressReported, 'undeliverable' | 'allowance'>) =>
  an('address.reported', { address, ...known });
const told = async (kind: TimelineEvent['kind']): Promise<unknown[]> =>
  (await record.events()).filter((event) => event.kind === kind && JSON.stringify(event).includes(address));
const identity = async () => {
  const [row] = await record.database.query<{ contactId: Conversation['contactId'] }>(
    'select contact_id as "contactId" from hub.identity where address = $1',
    [address],
  );
  return (await record.contacts.detail(row!.contactId))!.contact.identities[0]!;
};
const conversation = async (): Promise<Conversation> => {
  const [row] = await record.database.query<{ id: Conversation['id'] }>(
    'select id from hub.conversation where address = $1',
    [address],
  );
  return (await record.conversations.find(row!.id))!;
};

describe('an address that nothing can be delivered to', () => {
  it('is marked, told once, and stays so until the channel takes it back', async () => {
    await record.take([aMessage({ address }), reported({ undeliverable: bounced })]);
    expect((await identity()).undeliverable).toEqual(bounced);
    const before = await told('contact.changed');
    await record.take([reported({ undeliverable: bounced }), aMessage({ address })]);
    expect((await identity()).undeliverable).toEqual(bounced);
    expect(await told('contact.changed')).toHaveLength(before.length);
    await record.take([reported({ undeliverable: null })]);
    expect((await identity()).undeliverable).toBeNull();
    expect((await told('contact.changed')).at(-1)).toMatchObject({
      contact: { identities: [{ undeliverable: null }] },
    });
  });

  it('is known even before its customer wrote', async () => {
    await record.take([reported({ undeliverable: bounced })]);
    await record.take([aMessage({ address })]);
    expect((await identity()).undeliverable).toEqual(bounced);
  });
});

describe('how much may be written', () => {
  it('shows on the conversation, is told at once, and only when it changes', async () => {
    await record.take([aMessage({ address })]);
    expect((await conversation()).allowance).toBeNull();
    await record.take([reported({ allowance }), reported({ allowance })]);
    await record.take([reported({ allowance: { ...allowance, left: 4 } })]);
    expect((await conversation()).allowance).toEqual({ ...allowance, left: 4 });
    expect(await told('conversation.changed')).toMatchObject([
      { conversation: { version: 2, allowance } },
      { conversation: { version: 3, allowance: { left: 4 } } },
    ]);
    await record.take([reported({ allowance: null })]);
    expect((await conversation()).allowance).toBeNull();
  });

  it('comes with every event, row and page of the conversation', async () => {
    await record.take([reported({ allowance }), aMessage({ address })]);
    const [event] = await told('entry.recorded');
    expect(event).toMatchObject({ conversation: { allowance } });
    const { id, contactId } = await conversation();
    const page = await record.conversations.page({ view: 'all', limit: 200 }, undefined);
    const rows = (JSON.parse(page.json) as { conversations: Conversation[] }).conversations;
    expect(rows.find((row) => row.id === id)!.allowance).toEqual(allowance);
    expect((await record.contacts.detail(contactId))!.conversations[0]!.allowance).toEqual(allowance);
    const { missed } = await record.conversations.missed(contactId, [[id, 0]]);
    expect(missed).toMatchObject([{ type: 'entry', conversation: { allowance } }]);
  });

  it('is told of a closed conversation when it is reopened', async () => {
    await record.take([aMessage({ address })]);
    const { id } = await conversation();
    await record.conversations.close(id, lin);
    await record.take([reported({ allowance })]);
    expect(await told('conversation.changed')).toEqual([]);
    await record.conversations.reopen(id, lin);
    expect((await told('entry.recorded')).at(-1)).toMatchObject({ conversation: { allowance } });
  });

  it('leaves alone what a report does not speak of', async () => {
    await record.take([aMessage({ address }), reported({ allowance }), reported({ undeliverable: bounced })]);
    expect((await conversation()).allowance).toEqual(allowance);
    expect((await identity()).undeliverable).toEqual(bounced);
  });
});
