import { describe, expect, it } from '@jest/globals';
import type { AgentId, Conversation } from '@yixian/contracts';
import { aConversation, uuid } from '../../testing/a-desk.ts';
import { reduce } from '../desk/desk-reducer.ts';
import { emptyDesk } from '../desk/desk-state.ts';
import { arrivals } from './arrivals.ts';

const me = uuid(900) as AgentId;
const preview = { text: '在吗', kind: 'message', direction: 'in', at: '' };
const rows = (...conversations: Conversation[]) => reduce(emptyDesk, { type: 'rows', conversations });
const before = rows(aConversation({ version: 1, unread: 0, lastSeq: 1, preview }));
const after = (more: object) => rows(aConversation({ version: 2, unread: 1, lastSeq: 2, preview, ...more }));

describe('arrivals', () => {
  it('are the customer’s new messages in conversations of mine or of nobody', () => {
    expect(arrivals(before, after({}), me)).toHaveLength(1);
    expect(arrivals(before, after({ assignee: { id: me, name: '王' } }), me)).toHaveLength(1);
    expect(arrivals(before, after({ assignee: { id: uuid(901), name: '李' } }), me)).toHaveLength(0);
  });

  it('are not what was read, replied or merely changed', () => {
    expect(arrivals(before, after({ unread: 0 }), me)).toHaveLength(0);
    expect(arrivals(before, after({ preview: { ...preview, direction: 'out' } }), me)).toHaveLength(0);
    expect(arrivals(before, after({ lastSeq: 1 }), me)).toHaveLength(0);
  });
});
