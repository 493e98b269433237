import { expect, it } from '@jest/globals';
import { namedValues } from './named-values.ts';

it('reads a name and a value from each line', () => {
  expect(namedValues('first=您的订单\n orderno : 1=2 \n\nnonsense\n备注：好')).toEqual({
    first: '您的订单',
    orderno: '1=2',
    备注: '好',
  });
});
