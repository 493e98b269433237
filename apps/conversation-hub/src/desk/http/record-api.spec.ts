import { jest } from '@jest/globals';
import {
  ContactDetail,
  ContactPage,
  Conversation,
  ConversationPage,
  ReplyConflict,
  TimelinePage,
  WrittenEntry,
} from '@yixian/contracts';
import type { AuditPage, ContactId, Problem } from '@yixian/contracts';
import { aDesk } from '../../../testing/a-desk.ts';
import type { Desk, LoggedIn } from '../../../testing/a-desk.ts';
import { aReply } from '../../../testing/a-reply.ts';
import { aMessage } from '../../../testing/record.ts';

// Logging in is slow by intent.
jest.setTimeout(30_000);

let desk: Desk;
let agent: LoggedIn;
beforeAll(async () => {
  desk = await aDesk();
  agent = await desk.logIn('agent', { name: '林' });
});
afterAll(() => desk.stop());

const aCustomer = async (address: string) => (await desk.take([aMessage({ address })]))[0]!;

it('lists conversations with the counts of the asking agent', async () => {
  const conversation = await aCustomer('lists');
  const { body } = await agent.get('/api/conversations?view=unassigned&limit=5');
  const page = ConversationPage.parse(body);
  expect(page.conversations.map(({ id }) => id)).toContain(conversation.id);
  expect(page.counts).toMatchObject({ mine: 0 });
  expect(page.counts.all).toBeGreaterThan(0);
});

it('answers a customer once, whoever sends it again', async () => {
  const conversation = await aCustomer('answers');
  const path = `/api/conversations/${conversation.id}/messages`;
  const reply = aReply({ text: '您好' });
  const first = await agent.post(path, reply);
  const again = await agent.post(path, reply);
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(WrittenEntry.parse(again.body).entry).toEqual(WrittenEntry.parse(first.body).entry);
  const { body } = await agent.get(`/api/contacts/${conversation.contactId}/timeline?kinds=message&limit=10`);
  expect(
    TimelinePage.parse(body)
      .entries.map(({ text }) => text)
      .slice(-1),
  ).toEqual(['您好']);
});

it("refuses an answer that has not seen a colleague's, and brings that one", async () => {
  const conversation = await aCustomer('conflict');
  const colleague = await desk.logIn('agent');
  const path = `/api/conversations/${conversation.id}/messages`;
  await colleague.post(path, aReply({ text: 'I was first', seenSeq: 1 }));
  const late = await agent.post(path, aReply({ seenSeq: 1 }));
  expect(late.status).toBe(409);
  expect(ReplyConflict.parse(late.body).entries.map(({ text }) => text)).toEqual(['I was first']);
  expect((await agent.post(path, aReply({ seenSeq: 1, force: true }))).status).toBe(201);
});

it('notes, assigns, reads, closes and reopens', async () => {
  const { id } = await aCustomer('moves');
  const of = `/api/conversations/${id}`;
  const me = agent.session.agent;
  const note = await agent.post(`${of}/notes`, { id: crypto.randomUUID(), text: 'VIP' });
  expect(WrittenEntry.parse(note.body).entry.kind).toBe('note');
  const assigned = Conversation.parse((await agent.post(`${of}/assign`, { agentId: me.id })).body);
  expect(assigned.assignee).toEqual({ id: me.id, name: '林' });
  expect(Conversation.parse((await agent.post(`${of}/read`, { seq: 1 })).body).unread).toBe(0);
  expect(Conversation.parse((await agent.post(`${of}/close`)).body).state).toBe('closed');
  const twice = await agent.post<Problem>(`${of}/close`);
  expect(twice).toMatchObject({ status: 409, body: { error: { code: 'illegal_move' } } });
  expect(Conversation.parse((await agent.post(`${of}/reopen`)).body).state).toBe('open');
  expect(Conversation.parse((await agent.post(`${of}/assign`, { agentId: null })).body).assignee).toBeNull();
  expect(Conversation.parse((await agent.get(of)).body).id).toBe(id);
});

it('gives work to nobody who does not work here', async () => {
  const { id } = await aCustomer('nobody');
  const answer = await agent.post<Problem>(`/api/conversations/${id}/assign`, {
    agentId: crypto.randomUUID(),
  });
  expect(answer).toMatchObject({
    status: 400,
    body: { error: { code: 'invalid', details: [{ path: 'agentId' }] } },
  });
});

it('links an identity to a person and undoes it, and writes down both', async () => {
  const [one, other] = await desk.take([aMessage({ address: 'link-1' }), aMessage({ address: 'link-2' })]);
  const of = `/api/contacts/${one!.contactId}/links`;
  const linked = await agent.post(of, { identityId: other!.identityId, reason: 'Same order number' });
  expect(linked.status).toBe(200);
  expect(ContactDetail.parse(linked.body).contact.identities).toHaveLength(2);
  const unlinked = await agent.delete(`${of}/${other!.identityId}?reason=Wrong%20person`);
  expect(ContactDetail.parse(unlinked.body).contact.identities).toHaveLength(1);
  expect((await agent.delete(`${of}/${other!.identityId}?reason=again`)).status).toBe(409);
  const supervisor = await desk.logIn('supervisor');
  const { body } = await supervisor.get<AuditPage>(`/api/audit?subject=${one!.contactId}`);
  expect(body.records.map(({ action }) => action)).toEqual(['identity.unlinked', 'identity.linked']);
  expect(body.records[1]!.detail).toEqual({ identityId: other!.identityId, reason: 'Same order number' });
});

it('finds a person by a changed name', async () => {
  const { contactId } = await aCustomer('named');
  expect((await agent.patch(`/api/contacts/${contactId}`, { name: '王小明' })).status).toBe(200);
  const page = ContactPage.parse(
    (await agent.get(`/api/contacts?query=${encodeURIComponent('王小明')}`)).body,
  );
  expect(page.contacts.map(({ id }) => id)).toEqual([contactId]);
});

describe('bad input', () => {
  const nobody = crypto.randomUUID();

  it.each([
    ['an id that is none', 'GET', '/api/conversations/1', undefined, 400, 'invalid'],
    ['an unknown conversation', 'GET', `/api/conversations/${nobody}`, undefined, 404, 'not_found'],
    [
      'an answer to an unknown conversation',
      'POST',
      `/api/conversations/${nobody}/messages`,
      aReply(),
      404,
      'not_found',
    ],
    ['an unknown contact', 'GET', `/api/contacts/${nobody}/timeline`, undefined, 404, 'not_found'],
    ['an unknown path', 'GET', '/api/nothing', undefined, 404, 'not_found'],
    ['a page that is too large', 'GET', '/api/conversations?limit=100000', undefined, 400, 'invalid'],
    ['a cursor that is none', 'GET', "/api/conversations?cursor=';drop table", undefined, 400, 'invalid'],
    ['a body that is no JSON', 'POST', `/api/conversations/${nobody}/notes`, '{"text":', 400, 'invalid'],
    [
      'a body of a megabyte and more',
      'POST',
      `/api/conversations/${nobody}/notes`,
      { text: 'x'.repeat(1.1e6) },
      413,
      'too_large',
    ],
    [
      'a text over the limit',
      'POST',
      `/api/conversations/${nobody}/messages`,
      aReply({ text: 'x'.repeat(100_001) }),
      400,
      'invalid',
    ],
    [
      'a character that no text has',
      'POST',
      `/api/conversations/${nobody}/messages`,
      aReply({ text: 'a\0b' }),
      400,
      'invalid',
    ],
    [
      'half a character',
      'POST',
      `/api/conversations/${nobody}/messages`,
      '{"id":"' + nobody + '","text":"\\ud83d","seenSeq":0}',
      400,
      'invalid',
    ],
    ['a prototype', 'PATCH', `/api/contacts/${nobody}`, '{"__proto__":{"role":"admin"}}', 404, 'not_found'],
  ])('refuses %s', async (_, method, path, body, status, code) => {
    const answer = await agent.send<Problem>(method, path, body);
    expect({ status: answer.status, code: answer.body.error.code }).toEqual({ status, code });
  });

  it('keeps the longest text it takes, whatever is in it', async () => {
    const { id, contactId } = await aCustomer('long');
    const text = `'; drop table hub.entry; -- <script>alert(1)</script>${'汉'.repeat(99_940)}`;
    expect((await agent.post(`/api/conversations/${id}/messages`, aReply({ text }))).status).toBe(201);
    const { body } = await agent.get<TimelinePage>(`/api/contacts/${contactId as ContactId}/timeline`);
    expect(body.entries.at(-1)!.text).toBe(text);
  });
});
