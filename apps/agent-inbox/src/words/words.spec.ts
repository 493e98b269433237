import { describe, expect, it } from '@jest/globals';
import { problemCodes } from '@yixian/contracts';
import { deliveryStates } from '@yixian/contracts/delivery';
import { en } from './en.ts';
import { formatsFor } from './formats.ts';
import { localeFor } from './locale.ts';
import { zhCN } from './zh-cn.ts';

type Leaf = string | ((...args: string[]) => string);
const leaves = (words: object, path = ''): [string, Leaf][] =>
  Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'object'
      ? leaves(value as object, `${path}${key}.`)
      : [[path + key, value as Leaf] as [string, Leaf]],
  );

const worded = (leaf: Leaf): string => (typeof leaf === 'string' ? leaf : leaf('<1>', '<2>'));
const all = [...leaves(zhCN), ...leaves(en)];

describe('dictionaries', () => {
  it('hold the same words', () =>
    expect(leaves(en).map(([path]) => path)).toEqual(leaves(zhCN).map(([path]) => path)));

  it('say something everywhere', () => {
    for (const [path, leaf] of all) expect([path, worded(leaf)]).not.toEqual([path, '']);
  });

  it('use what is filled in', () => {
    const idle = all.filter(
      ([, leaf]) => typeof leaf === 'function' && leaf.length > 0 && !worded(leaf).includes('<'),
    );
    expect(idle).toEqual([]);
  });

  it('speak no Chinese in English', () => {
    for (const [, leaf] of leaves(en)) expect(worded(leaf)).not.toMatch(/\p{Script=Han}/u);
  });

  it('word every refusal and every state of a delivery', () => {
    expect(Object.keys(zhCN.problem)).toEqual(expect.arrayContaining([...problemCodes]));
    expect(Object.keys(zhCN.delivery)).toEqual(expect.arrayContaining(deliveryStates));
  });
});

describe('localeFor', () => {
  it('takes the first language it speaks', () => {
    expect(localeFor(['fr', 'zh-TW', 'en'])).toBe('zh-CN');
    expect(localeFor(['de', 'en-GB', 'zh'])).toBe('en');
    expect(localeFor([])).toBe('en');
  });
});

describe('formatsFor', () => {
  const zh = formatsFor('zh-CN');
  const now = new Date(2026, 10, 21, 15, 0).getTime();
  it('shows a moment as briefly as its age allows', () => {
    expect(zh.brief(new Date(2026, 10, 21, 9, 5).getTime(), now)).toBe('09:05');
    expect(zh.brief(new Date(2026, 10, 20, 23, 0).getTime(), now)).toBe('昨天');
    expect(zh.brief(new Date(2026, 10, 17, 9, 0).getTime(), now)).toBe('周二');
    expect(zh.brief(new Date(2026, 1, 3).getTime(), now)).toBe('2/3');
    expect(formatsFor('en').brief(new Date(2025, 1, 3).getTime(), now)).toBe('2/3/25');
  });

  it('shows sizes and spans in one unit', () => {
    expect(zh.bytes(900)).toBe('900 B');
    expect(zh.bytes(1_834_211)).toBe('1.8 MB');
    expect(zh.span(59_000)).toBe('59秒');
    expect(zh.span(17 * 60_000)).toBe('17分钟');
    expect(zh.remaining(41 * 3_600_000)).toBe('41小时');
  });
});
