import { describe, expect, it } from '@jest/globals';
import type { AgentId, Contact, Conversation, DeskEvent, Synced } from '@yixian/contracts';
import { aConversation, uuid } from '../../testing/a-desk.ts';
import { type DeskAction, reduce } from './desk-reducer.ts';
import { type DeskState, emptyDesk } from './desk-state.ts';
import { conversationsIn } from './inbox-view.ts';
import { isTyping, viewersOf } from './viewers.ts';

const me = uuid(900) as AgentId;
const counts = { mine: 1, unassigned: 2, all: 3 };
const after = (...actions: DeskAction[]): DeskState => actions.reduce(reduce, emptyDesk);
const connect: DeskAction = {
  type: 'synced',
  at: 0,
  synced: { counts, viewing: [], build: '1', serverTime: '' } as Synced,
};
const row = (n: number, more: object = {}) =>
  aConversation({ id: uuid(n), lastAt: new Date(1e12 + n * 1000).toISOString(), ...more });
const listed = (conversations: Conversation[], next: string | null = null, first = true): DeskAction => ({
  type: 'listed',
  view: 'all',
  first,
  page: { conversations, next, counts },
});
const hear = (...events: DeskEvent[]): DeskAction => ({ type: 'events', events, at: 1000 });
const ids = (state: DeskState) => conversationsIn(state, 'all', me).map(({ id }) => Number(id.slice(-4)));

describe('lists', () => {
  it('show newest first, and only the newest row of each', () => {
    const state = after(
      connect,
      listed([row(2, { version: 5 }), row(1)]),
      hear({ type: 'conversation', conversation: row(2, { version: 4, state: 'closed' }) }),
    );
    expect(ids(state)).toEqual([2, 1]);
  });

  it('take in new rows and let go of those that were closed', () => {
    const closed = row(2, { version: 2, state: 'closed' });
    const news = [row(3), closed].map((conversation) => ({ type: 'conversation' as const, conversation }));
    expect(ids(after(connect, listed([row(2), row(1)]), hear(...news)))).toEqual([3, 1]);
  });

  it('leave out what lies beyond the pages listed so far', () => {
    const older = { type: 'conversation' as const, conversation: row(1) };
    const state = after(connect, listed([row(9), row(5)], 'more'), hear(older));
    expect(ids(state)).toEqual([9, 5]);
    expect(ids(reduce(state, listed([row(1)], null, false)))).toEqual([9, 5, 1]);
  });

  it('say of a message without words what its channel says', () => {
    const preview = { text: '', kind: 'message', direction: 'in', at: '' };
    const payload = { wechat: { type: 'event', event: 'subscribe' } };
    const heard = (more: object) => {
      const entry = { contactId: uuid(1), kind: 'message', direction: 'in', payload, ...more };
      const event = { type: 'entry', conversation: row(1, { version: 2, preview }), entry };
      return after(connect, hear(event as unknown as DeskEvent)).rows.get(uuid(1) as Conversation['id']);
    };
    expect(heard({})?.conversation.preview).toMatchObject({ payload });
    expect(heard({ kind: 'system', direction: 'internal' })?.conversation.preview).toEqual(preview);
  });

  it('drop after a new connection what the first page does not know any more', () => {
    const state = after(connect, listed([row(2), row(1)]), { type: 'disconnected' }, connect);
    expect(ids(state)).toEqual([2, 1]);
    expect(ids(reduce(state, listed([row(1)])))).toEqual([1]);
  });
});

it('shows a contact’s new name in every row', () => {
  const contact = { id: uuid(100), name: '林小姐', avatarUrl: null, version: 2 } as unknown as Contact;
  const state = after(
    connect,
    listed([row(2), row(1, { contactId: uuid(101) })]),
    hear({ type: 'contact', contact }),
  );
  expect(conversationsIn(state, 'all', me).map(({ contactName }) => contactName)).toEqual([
    '林小姐',
    '林晓雯',
  ]);
});

describe('colleagues and customers', () => {
  const viewing = (agent: number, typing: boolean, contactId: string | null = uuid(100)) =>
    ({
      type: 'viewing',
      agent: { id: uuid(agent), name: `${agent}` },
      tab: `tab ${agent}`,
      contactId,
      typing,
    }) as DeskEvent;

  it('are seen while they look, but not oneself and not for ever', () => {
    const { viewers } = after(connect, hear(viewing(901, true), viewing(902, false), viewing(900, true)));
    const contact = uuid(100) as Conversation['contactId'];
    expect(viewersOf(viewers, contact, me, 2000).map(({ agent, typing }) => [agent.name, typing])).toEqual([
      ['901', true],
      ['902', false],
    ]);
    expect(viewersOf(viewers, contact, me, 60_000)).toEqual([]);
    expect(after(connect, hear(viewing(901, true), viewing(901, false, null))).viewers.size).toBe(0);
  });

  it('stop typing after five seconds', () => {
    const { typing } = after(
      connect,
      hear({ type: 'typing', contactId: uuid(100), conversationId: uuid(1), at: '' } as DeskEvent),
    );
    const at = typing.get(uuid(100) as Conversation['contactId']);
    expect(isTyping(at, 5000)).toBe(true);
    expect(isTyping(at, 6000)).toBe(false);
  });
});
