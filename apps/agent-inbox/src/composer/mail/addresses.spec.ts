import { describe, expect, it } from '@jest/globals';
import { addressesIn, eachOnce } from './addresses.ts';

describe('addressesIn', () => {
  it('reads what people type and paste', () => {
    expect(addressesIn('a@b.cn, "Lee, Ann" <ann@c.cn>；陈 老师 <chen@d.cn>').people).toEqual([
      { name: '', address: 'a@b.cn' },
      { name: 'Lee, Ann', address: 'ann@c.cn' },
      { name: '陈 老师', address: 'chen@d.cn' },
    ]);
    expect(addressesIn('a@b.cn c@d.cn').people).toHaveLength(2);
  });

  it('leaves what is no address, to be corrected', () => {
    expect(addressesIn('ann@')).toEqual({ people: [], rest: 'ann@' });
    expect(addressesIn('a@b.cn, nobody')).toEqual({
      people: [{ name: '', address: 'a@b.cn' }],
      rest: 'nobody',
    });
  });
});

it('names everybody once', () => {
  const ann = { name: 'Ann', address: 'Ann@c.cn' };
  expect(eachOnce([ann, { name: '', address: 'ann@C.cn' }, { name: 'x', address: '' }])).toEqual([ann]);
});
