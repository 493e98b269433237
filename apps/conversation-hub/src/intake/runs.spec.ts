import type { BusEvent } from '@yixian/bus';
import type { InboundEvent } from '@yixian/contracts';
import fc from 'fast-check';
import { aMessage, an } from '../../testing/record.ts';
import { makesClaims, runsOf } from './runs.ts';

const read = (events: InboundEvent[]): BusEvent<InboundEvent>[] =>
  events.map((data, offset) => ({ offset, key: '', headers: {}, data }));
const asserted = (address: string) => an('identity.asserted', { address, sender: { claims: [] } });

describe('runsOf', () => {
  it('keeps messages of different customers together around what one of them did', () => {
    const [a1, b1, a2, b2] = ['a', 'b', 'a', 'b'].map((address) => aMessage({ address }));
    const news = asserted('a');
    expect(runsOf(read([a1!, news, b1!, a2!, b2!]))).toEqual([
      { messages: [a1, b1, b2] },
      { others: [news] },
      { messages: [a2] },
    ]);
  });

  it('hands on the trace of a message', () => {
    const [event] = read([aMessage()]);
    event!.headers.traceparent = '00-1-2-01';
    expect(runsOf([event!])).toMatchObject([{ messages: [{ traceparent: '00-1-2-01' }] }]);
  });

  it('loses nothing, doubles nothing, and keeps the order of each customer', () => {
    const step = fc.record({ address: fc.constantFrom('a', 'b', 'c'), message: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const events = steps.map(({ address, message }) =>
          message ? aMessage({ address }) : asserted(address),
        );
        const flat = runsOf(read(events)).flatMap((run): InboundEvent[] =>
          'messages' in run ? run.messages : run.others,
        );
        expect(flat).toHaveLength(events.length);
        for (const address of ['a', 'b', 'c']) {
          const own = (list: InboundEvent[]) =>
            list.filter((event) => event.address === address).map(({ id }) => id);
          expect(own(flat)).toEqual(own(events));
        }
      }),
    );
  });
});

test('makesClaims looks at messages and assertions', () => {
  const claims = [{ kind: 'email' as const, value: 'a@b.example', verified: true }];
  expect(makesClaims(read([aMessage(), asserted('a')]))).toBe(false);
  expect(makesClaims(read([aMessage({ sender: { claims } })]))).toBe(true);
  expect(makesClaims(read([an('identity.asserted', { sender: { claims } })]))).toBe(true);
});
