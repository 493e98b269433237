import { describe, expect, it } from '@jest/globals';
import { anEntry } from '../../testing/a-desk.ts';
import { en } from '../words/en.ts';
import { zhCN } from '../words/zh-cn.ts';
import { systemWords } from './system-words.ts';

const system = (payload: object, name?: string, text = '') =>
  anEntry({ kind: 'system', payload, text, author: { kind: name ? 'agent' : 'system', name } });

describe('systemWords', () => {
  it('words what was done, by whom and to whom', () => {
    expect(systemWords(system({ act: 'assigned', to: { name: '陈志远' } }, '李主管'), zhCN)).toBe(
      '李主管把会话分配给陈志远',
    );
    expect(systemWords(system({ act: 'assigned', to: { name: 'Ann' } }, 'Ann'), en)).toBe(
      'Ann took the conversation',
    );
    expect(systemWords(system({ act: 'assigned', to: null }, 'Ann'), en)).toBe(
      'Ann put the conversation back among the unassigned',
    );
    expect(systemWords(system({ act: 'closed' }, '李主管'), zhCN)).toBe('李主管关闭了会话');
  });

  it('shows what it does not know as it stands', () => {
    expect(systemWords(system({ act: 'escalated' }, 'Ann'), en)).toBe('Ann: escalated');
    expect(systemWords(system({ act: 'escalated' }, 'Ann', 'Ann called for help.'), en)).toBe(
      'Ann called for help.',
    );
  });
});
