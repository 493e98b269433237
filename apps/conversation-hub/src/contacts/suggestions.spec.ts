import type { Claim, ContactId, IdentityId, IdentitySuggestion } from '@yixian/contracts';
import { ContactDetail, newId } from '@yixian/contracts';
import { aMessage, expectSound, lin, TestRecord } from '../../testing/record.ts';

let record: TestRecord;
let people = 0;
let who: string;
beforeAll(async () => {
  record = await TestRecord.open();
});
afterAll(() => expectSound(record));
afterAll(() => record.close());
beforeEach(() => {
  who = `p${++people}`;
});

const mail = () => `${who}@b.example`;
const email = (value: string, verified: boolean): Claim => ({ kind: 'email', value, verified });
const says = async (address: string, ...claims: Claim[]): Promise<Standing> => {
  await record.take([aMessage({ address, sender: { claims } })]);
  const [row] = await record.database.query<Standing>(
    'select id as "identityId", contact_id as "contactId" from hub.identity where address = $1',
    [address],
  );
  return row!;
};
interface Standing {
  identityId: IdentityId;
  contactId: ContactId;
}
const suggestions = async ({ contactId }: Standing): Promise<IdentitySuggestion[]> =>
  ContactDetail.parse(await record.contacts.detail(contactId)).suggestions;
/** How often each contact was told of. */
const timesTold = async (...of: Standing[]): Promise<number[]> => {
  const events = await record.events();
  return of.map(
    ({ contactId }) =>
      events.filter((event) => event.kind === 'contact.changed' && event.contact.id === contactId).length,
  );
};

it('says that a claim without proof equals what another proved, to both sides, and links nothing', async () => {
  const known = await says(`${who}-known`, email(mail(), true));
  const visitor = await says(`${who}-visitor`, email(mail().toUpperCase(), false));
  expect(visitor.contactId).not.toBe(known.contactId);
  const expected = {
    identityId: visitor.identityId,
    contactId: visitor.contactId,
    otherContactId: known.contactId,
    claim: `email ${mail().toUpperCase()}`,
    verified: false,
  };
  expect(await suggestions(visitor)).toMatchObject([expected]);
  expect(await suggestions(known)).toMatchObject([expected]);
});

it('finds the one who made the claim first, when another proves it later', async () => {
  const visitor = await says(`${who}-visitor`, email(mail(), false));
  const known = await says(`${who}-known`, email(mail(), true));
  expect(await suggestions(known)).toMatchObject([{ identityId: visitor.identityId }]);
});

it('takes an address that is a claim of itself for as good as proved', async () => {
  const visitor = await says(`${who}-visitor`, email(mail(), false));
  const sender = await says(mail(), email(mail(), false));
  expect(await suggestions(visitor)).toMatchObject([{ otherContactId: sender.contactId }]);
  expect(await suggestions(sender)).toMatchObject([{ identityId: visitor.identityId }]);
});

it('makes none between two who only say the same', async () => {
  const one = await says(`${who}-1`, email(mail(), false));
  await says(`${who}-2`, email(mail(), false));
  expect(await suggestions(one)).toEqual([]);
});

it('is over once they are linked, or the claim is proved', async () => {
  const known = await says(`${who}-known`, email(mail(), true));
  const visitor = await says(`${who}-visitor`, email(mail(), false));
  await record.contacts.link(known.contactId, visitor.identityId, 'asked', lin);
  expect(await suggestions(known)).toEqual([]);
  const other = await says(`${who}-other`, email(mail(), false));
  expect(await suggestions(other)).toHaveLength(1);
  const proved = await says(`${who}-other`, email(mail(), true));
  expect(proved.contactId).toBe(known.contactId);
  expect(await suggestions(known)).toEqual([]);
});

it('is not made again after a person parted the two', async () => {
  const known = await says(`${who}-known`, email(mail(), true));
  const visitor = await says(`${who}-visitor`, email(mail(), false));
  await record.contacts.link(known.contactId, visitor.identityId, 'asked', lin);
  await record.contacts.unlink(known.contactId, visitor.identityId, 'wrong', lin);
  expect(await suggestions(visitor)).toEqual([]);
});

it('is not made again once dismissed, and both contacts are told', async () => {
  const known = await says(`${who}-known`, email(mail(), true));
  const visitor = await says(`${who}-visitor`, email(mail(), false));
  const [{ id }] = (await suggestions(visitor)) as [IdentitySuggestion];
  const before = await timesTold(known, visitor);
  expect(await record.contacts.dismiss(known.contactId, newId(), lin)).toBe(false);
  expect(await record.contacts.dismiss(known.contactId, id, lin)).toBe(true);
  expect(await record.contacts.dismiss(known.contactId, id, lin)).toBe(false);
  expect([await suggestions(known), await suggestions(visitor)]).toEqual([[], []]);
  expect(await timesTold(known, visitor)).toEqual(before.map((times) => times + 1));
});

it('can use the indexes', async () => {
  const plan = await record.database.transaction(async (tx) => {
    await tx.query('set local enable_seqscan = off');
    return tx.query(`explain select from hub.identity o join hub.identity x
      on x.own_keys && o.told_keys and x.own_keys <> '{}' where o.contact_id = '${newId()}'`);
  });
  expect(JSON.stringify(plan)).toContain('identity_own_keys');
});
