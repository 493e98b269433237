import { expect, it } from '@jest/globals';
import { bareSubject, replySubject, sameSubject } from './mail-subject.ts';

it.each([
  ['Re: Order 12', 'Order 12'],
  ['RE: Fwd: FW: Order 12', 'Order 12'],
  ['回复：答复: 转发：订单', '订单'],
  ['Re[2]: AW: Bestellung', 'Bestellung'],
  ['Regarding: my order', 'Regarding: my order'],
  ['Re:', ''],
])('%s is about %s', (subject, bare) => expect(bareSubject(subject)).toBe(bare));

it('knows an answer by its subject', () => {
  expect(sameSubject('订单 12', '回复: 订单 12')).toBe(true);
  expect(sameSubject('订单 12', '订单 13')).toBe(false);
  expect(replySubject('回复：Re: Order')).toBe('Re: Order');
});
