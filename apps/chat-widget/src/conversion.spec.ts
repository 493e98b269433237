import type { TranscriptLine } from '@yixian/channel';
import type { AccountId, Address, ConversationShown, EntryId, VisitorFile } from '@yixian/contracts';
import { fromVisitor, senderOf } from './from-visitor.ts';
import { conversationToVisitor, toVisitor } from './to-visitor.ts';
import type { Visitor } from './visitors/visitor.ts';

const visitor: Visitor = {
  site: 'shop' as AccountId,
  address: 'visitor-1' as Address,
  answers: {},
  spoke: false,
};
const line: TranscriptLine = {
  position: 3,
  id: '00000000-0000-8000-8000-000000000003' as EntryId,
  from: 'customer',
  authorName: null,
  text: '在吗',
  attachments: [],
  payload: { nonce: 'nonce-0001' },
  at: '2026-01-01T00:00:00.000Z',
};
const shown = (): VisitorFile => ({ name: 'a', type: 'b', size: 1, url: '/w/media/x' });

test('a message is known by its visitor and nonce, whatever its words', () => {
  const session = { visitor, locale: 'zh-CN' as const, page: { url: 'https://shop.cn/p/42', title: '单丛' } };
  const say = { nonce: 'nonce-0001', text: " '; drop table entry; -- <b>\u0000 ", files: [] };
  expect(fromVisitor(say, session, { attachments: [], now: 5 })).toMatchObject({
    account: 'shop',
    address: 'visitor-1',
    nativeId: 'visitor-1:nonce-0001',
    occurredAt: 5,
    text: "'; drop table entry; -- <b>\u0000",
    payload: { nonce: 'nonce-0001', page: { url: 'https://shop.cn/p/42', title: '单丛' } },
  });
});

test('what a visitor types proves nothing; what the site signed does', () => {
  const known = { external: 'shop:42', email: 'lin@example.com', evidence: 'jwt:shop' };
  const answers = { name: 'Somebody', contact: '138 0000 0000', email: 'Boss@Example.com' };
  expect(senderOf({ ...visitor, known, answers })).toEqual({
    name: 'Somebody',
    claims: [
      { kind: 'external', value: 'shop:42', verified: true, evidence: 'jwt:shop' },
      { kind: 'email', value: 'lin@example.com', verified: true, evidence: 'jwt:shop' },
      { kind: 'email', value: 'boss@example.com', verified: false },
      { kind: 'phone', value: '13800000000', verified: false },
    ],
  });
});

test('an answer that is neither address nor number is no claim', () => {
  expect(senderOf({ ...visitor, answers: { contact: 'ask my mother' } }).claims).toEqual([]);
});

test("the visitor's own line carries its nonce, the agent's a name", () => {
  expect(toVisitor(line, shown)).toMatchObject({ position: 3, from: 'visitor', nonce: 'nonce-0001' });
  const agent = toVisitor({ ...line, from: 'agent', authorName: '小敏', payload: {} }, shown);
  expect(agent).toMatchObject({ from: 'agent', name: '小敏' });
  expect(agent).not.toHaveProperty('nonce');
});

test('a rating is asked for within a day after closing, once, where the site wants it', () => {
  const closed = {
    conversationId: 'c',
    state: 'closed',
    agentName: null,
    occurredAt: '2026-01-01T00:00:00.000Z',
  } as unknown as ConversationShown;
  const soon = Date.parse('2026-01-01T20:00:00.000Z');
  const survey = { wanted: true, done: false, now: soon };
  expect(conversationToVisitor(closed, survey).survey).toBe(true);
  expect(conversationToVisitor(closed, { ...survey, done: true }).survey).toBe(false);
  expect(conversationToVisitor(closed, { ...survey, wanted: false }).survey).toBe(false);
  expect(conversationToVisitor(closed, { ...survey, now: soon + 86_400_000 }).survey).toBe(false);
  expect(conversationToVisitor({ ...closed, state: 'open' }, survey).survey).toBe(false);
});
