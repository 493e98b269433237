import type { Claim, Contact, ContactId, Entry, IdentityId, Sender } from '@yixian/contracts';
import { ContactDetail, ContactPage, newId } from '@yixian/contracts';
import { aReply } from '../../testing/a-reply.ts';
import { aMessage, an, expectSound, lin, TestRecord } from '../../testing/record.ts';

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

const email = (value: string, verified = true): Claim => ({ kind: 'email', value, verified });
const external = (value: string, evidence?: string): Claim => ({
  kind: 'external',
  value,
  verified: true,
  ...(evidence && { evidence }),
});
const identityOf = async (address: string): Promise<{ id: IdentityId; contactId: ContactId }> => {
  const [row] = await record.database.query<{ id: IdentityId; contactId: ContactId }>(
    'select id, contact_id as "contactId" from hub.identity where address = $1',
    [address],
  );
  return row!;
};
/** Says something as this address, with what the channel knows of the sender. Gives the contact it went to. */
const says = async (address: string, sender: Partial<Sender> = {}): Promise<ContactId> => {
  await record.take([aMessage({ address, sender: { claims: [], ...sender } })]);
  return (await identityOf(address)).contactId;
};
const detailOf = async (id: ContactId) => ContactDetail.parse(await record.contacts.detail(id));
const entriesOf = (contact: ContactId) =>
  record.database.query<{ id: Entry['id'] }>('select id from hub.entry where contact_id = $1', [contact]);

describe('identities that prove the same', () => {
  it('are one contact, with the evidence, and what comes after goes to the same timeline', async () => {
    const contact = await says(`${who}-mail`, { name: '王芳', claims: [email('Fang@b.example')] });
    const before = await says(`${who}-chat`);
    const after = await says(`${who}-chat`, { claims: [email('fang@B.example')] });
    expect(before).not.toBe(contact);
    expect(after).toBe(contact);
    expect(await entriesOf(contact)).toHaveLength(3);
    const { links, contact: shown } = await detailOf(contact);
    expect(links).toMatchObject([
      {
        act: 'link',
        from: before,
        to: contact,
        by: 'system',
        evidence: 'email fang@B.example',
        undoes: null,
      },
    ]);
    expect(shown.identities).toHaveLength(2);
    expect(shown.name).toBe('王芳');
    const moved = (await record.events()).filter(
      (event) => event.kind === 'identity.moved' && event.to === contact,
    );
    expect(moved).toHaveLength(1);
  });

  it('are one contact from the first message on', async () => {
    const contact = await says(`${who}-a`, { claims: [external('42', 'jwt:shop')] });
    expect(await says(`${who}-b`, { claims: [external('42', 'jwt:shop')] })).toBe(contact);
  });

  it('are found apart from any message too', async () => {
    const contact = await says(`${who}-a`, { claims: [email(`${who}@b.example`)] });
    await record.take([
      an('identity.asserted', {
        address: `${who}-b`,
        sender: { name: 'B', claims: [email(`${who}@b.example`)] },
      }),
    ]);
    expect((await identityOf(`${who}-b`)).contactId).toBe(contact);
  });

  it('at the same time on two partitions are one contact', async () => {
    const addresses = [1, 2, 3, 4].map((n) => `${who}-${n}`);
    await Promise.all(
      addresses.map((address, n) =>
        record.take([aMessage({ address, sender: { claims: [email(`${who}@b.example`)] } })], 200 + n),
      ),
    );
    const contacts = await Promise.all(addresses.map(identityOf));
    expect(new Set(contacts.map(({ contactId }) => contactId)).size).toBe(1);
  });

  it('bring the only identity of the other here, when this one is not alone', async () => {
    const home = await says(`${who}-a`, { claims: [email(`${who}@b.example`)] });
    await says(`${who}-b`, { claims: [email(`${who}@b.example`)] });
    const other = await says(`${who}-c`, { claims: [external(who, 'jwt:x')] });
    await says(`${who}-b`, { claims: [external(who, 'jwt:x')] });
    expect((await identityOf(`${who}-c`)).contactId).toBe(home);
    expect(other).not.toBe(home);
  });
});

describe('identities that do not prove the same', () => {
  it('stay apart: without proof, or when the id was issued by another', async () => {
    const contacts = [
      await says(`${who}-a`, { claims: [email(`${who}@b.example`), external('7', 'jwt:shop')] }),
      await says(`${who}-b`, { claims: [email(`${who}@b.example`, false)] }),
      await says(`${who}-c`, { claims: [external('7', 'jwt:bank')] }),
      await says(`${who}-d`, { claims: [external('7')] }),
    ];
    expect(new Set(contacts).size).toBe(4);
    for (const contact of contacts) expect((await detailOf(contact)).conflicts).toEqual([]);
  });

  it('are kept for a person when the claim fits two contacts', async () => {
    const [one, two] = [
      await says(`${who}-a`, { claims: [email(`${who}@1.example`)] }),
      await says(`${who}-b`, { claims: [external(who, 'jwt:x')] }),
    ];
    const third = await says(`${who}-c`, { claims: [email(`${who}@1.example`), external(who, 'jwt:x')] });
    expect([one, two]).not.toContain(third);
    const { conflicts, links } = await detailOf(third);
    expect(links).toEqual([]);
    expect(conflicts.map(({ otherContactId }) => otherContactId).sort()).toEqual([one, two].sort());
    expect((await detailOf(one)).conflicts).toHaveLength(1);
    const { id } = await identityOf(`${who}-c`);
    await record.contacts.link(one, id, 'She said so on the phone.', lin);
    expect((await detailOf(one)).conflicts.map(({ otherContactId }) => otherContactId)).toEqual([two]);
  });

  it('are kept for a person when another proof contradicts', async () => {
    const one = await says(`${who}-a`, { claims: [email(`${who}@b.example`), external('1', 'jwt:shop')] });
    const two = await says(`${who}-b`, { claims: [email(`${who}@b.example`), external('2', 'jwt:shop')] });
    expect(two).not.toBe(one);
    expect((await detailOf(two)).conflicts).toMatchObject([
      { otherContactId: one, claim: `email ${who}@b.example` },
    ]);
  });

  it('are not linked again by the machine after a person parted them', async () => {
    const one = await says(`${who}-a`, { claims: [email(`${who}@b.example`)] });
    await says(`${who}-b`, { claims: [email(`${who}@b.example`)] });
    const { id } = await identityOf(`${who}-b`);
    await record.contacts.unlink(one, id, 'A shared mailbox.', lin);
    const apart = await says(`${who}-b`, { claims: [email(`${who}@c.example`)] });
    expect(apart).not.toBe(one);
  });
});

describe('linking by hand', () => {
  it('moves what was said, and unlinking moves it back with what came since', async () => {
    const home = await says(`${who}-a`, { name: 'A', attributes: { a: 1 } });
    const target = await says(`${who}-b`, { name: 'B', attributes: { b: 2 } });
    const before = (await detailOf(home)).contact;
    const { id } = await identityOf(`${who}-a`);
    const linked = (await record.contacts.link(target, id, 'same person', lin)) as Contact;
    expect(linked.identities).toHaveLength(2);
    expect(linked).toMatchObject({ name: 'A', attributes: { a: 1, b: 2 } });
    await says(`${who}-a`);
    expect(await entriesOf(target)).toHaveLength(3);
    expect(await record.contacts.unlink(target, id, 'no', lin)).toMatchObject({
      name: 'B',
      attributes: { b: 2 },
    });
    expect(await entriesOf(home)).toHaveLength(2);
    const { contact: after, links, conversations } = await detailOf(home);
    const { lastSeenAt: _, ...identity } = before.identities[0]!;
    expect(after).toMatchObject({ ...before, version: after.version, identities: [identity] });
    expect(links.map(({ act, undoes }) => [act, undoes])).toEqual([
      ['unlink', links[1]!.id],
      ['link', null],
    ]);
    expect(conversations).toHaveLength(1);
  });

  it('says what cannot be', async () => {
    const [one, two] = [await says(`${who}-a`), await says(`${who}-b`)];
    const { id } = await identityOf(`${who}-a`);
    expect(await record.contacts.unlink(one, id, 'at home', lin)).toEqual({ outcome: 'conflict' });
    expect(await record.contacts.unlink(two, id, 'not here', lin)).toEqual({ outcome: 'conflict' });
    expect(await record.contacts.link(newId<ContactId>(), id, 'nobody', lin)).toBeUndefined();
    expect(await record.contacts.link(one, newId<IdentityId>(), 'nothing', lin)).toBeUndefined();
    expect(await record.contacts.link(one, id, 'is there', lin)).toMatchObject({ id: one });
    expect((await detailOf(one)).links).toEqual([]);
    await record.contacts.link(two, id, 'yes', lin);
    const { id: other } = await identityOf(`${who}-b`);
    expect(await record.contacts.link(one, other, 'to one who left', lin)).toEqual({ outcome: 'conflict' });
  });

  it('while messages come in loses none', async () => {
    const [home, target] = [await says(`${who}-a`), await says(`${who}-b`)];
    const { id } = await identityOf(`${who}-a`);
    const talk = (async () => {
      for (let n = 0; n < 30; n++) {
        const messages = [aMessage({ address: `${who}-a` }), aMessage({ address: `${who}-b` })];
        for (let done = false; !done;)
          done = await record.take(messages, 300).then(
            () => true,
            (error: { retryable: boolean }) => {
              expect(error.retryable).toBe(true);
              return false;
            },
          );
      }
    })();
    for (let n = 0; n < 10; n++) {
      await record.contacts.link(target, id, 'to', lin);
      await record.contacts.unlink(target, id, 'fro', lin);
    }
    await talk;
    expect(await entriesOf(home)).toHaveLength(31);
    expect(await entriesOf(target)).toHaveLength(31);
  });
});

describe('a name', () => {
  it("is the channels', unless an agent gave one", async () => {
    const contact = await says(who, { name: 'visitor name' });
    expect(
      (await record.contacts.patch(contact, { name: '王总', attributes: { vip: true } }, lin))!,
    ).toMatchObject({ name: '王总', attributes: { vip: true } });
    await says(who, { name: 'new visitor name', attributes: { vip: false, page: '/x' } });
    expect((await detailOf(contact)).contact).toMatchObject({
      name: '王总',
      attributes: { vip: true, page: '/x' },
    });
    expect(
      (await record.contacts.patch(contact, { name: null, attributes: { vip: null } }, lin))!,
    ).toMatchObject({ name: 'new visitor name', attributes: { vip: false, page: '/x' } });
    expect(await record.contacts.patch(newId<ContactId>(), { name: 'x' }, lin)).toBeUndefined();
    const told = (await record.events()).flatMap((event) =>
      event.kind === 'contact.changed' && event.contact.id === contact ? [event.contact.version] : [],
    );
    expect(told).toEqual(told.map((_, n) => n + 1));
  });

  it('stands on the conversation', async () => {
    const contact = await says(who, { name: 'before' });
    await record.contacts.patch(contact, { name: 'after' }, lin);
    const [conversation] = (await detailOf(contact)).conversations;
    expect(conversation).toMatchObject({ contactName: 'after' });
    await record.conversations.reply(conversation!.id, aReply(), lin);
  });
});

describe('search', () => {
  const find = async (query: string, more: { limit?: number; cursor?: string } = {}) =>
    ContactPage.parse(JSON.parse((await record.contacts.search({ query, limit: 30, ...more })).json));

  it.each([
    ['a whole Chinese name', '欧阳娜娜'],
    ['two characters of it', '阳娜'],
    ['one character', '欧'],
    ['its last character', '娜'],
    ['a part of a Latin name in any case', 'ZEBRa'],
    ['a part of an address', 'addr_7%x'],
    ['a part of a claim', 'ouyang@b'],
  ])('finds by %s', async (_, query) => {
    const address = `addr_7%x-${who}`;
    const contact = await says(address, {
      name: `欧阳娜娜 Zebraist ${who}`,
      claims: [email(`ouyang@b-${who}.example`)],
    });
    expect((await find(query)).contacts.map(({ id }) => id)).toContain(contact);
  });

  it('takes wildcards as letters and finds nothing for what is nowhere', async () => {
    expect(
      (await find('%')).contacts.every(({ identities }) =>
        identities.some(({ address }) => address.includes('%')),
      ),
    ).toBe(true);
    expect((await find('no such thing anywhere')).contacts).toEqual([]);
    expect((await find('张三丰丰')).contacts).toEqual([]);
  });

  it('goes on where the page before ended, and leaves out contacts that are empty', async () => {
    const home = await says(`${who}-a`);
    const target = await says(`${who}-b`);
    await record.contacts.link(target, (await identityOf(`${who}-a`)).id, 'same', lin);
    const walked: ContactId[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await find('', { limit: 7, ...(cursor && { cursor }) });
      walked.push(...page.contacts.map(({ id }) => id));
      if (page.next === null) break;
      cursor = page.next;
    }
    expect(walked).not.toContain(home);
    expect(walked).toContain(target);
    expect(new Set(walked).size).toBe(walked.length);
    expect(walked).toEqual((await find('', { limit: 100 })).contacts.map(({ id }) => id));
  });

  it('can use the index for a name of two characters', async () => {
    const plan = await record.database.transaction(async (tx) => {
      await tx.query('set local enable_seqscan = off');
      return tx.query(`explain select * from hub.contact where search like hub.search_pattern('张三')`);
    });
    expect(JSON.stringify(plan)).toContain('contact_search');
  });
});
