import fc from 'fast-check';
import { deliveryClimbs, deliveryMoves, deliveryStates, type DeliveryState } from './delivery.ts';

const climb = (states: DeliveryState[]) =>
  states.reduce<DeliveryState>((at, to) => (deliveryClimbs(at, to) ? to : at), 'queued');

it('never falls back, whatever order receipts come in', () => {
  const rank = ['queued', 'sending', 'sent', 'delivered', 'read'];
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...deliveryStates)),
      fc.constantFrom(...deliveryStates),
      (before, next) => {
        const at = climb(before);
        const after = deliveryClimbs(at, next) ? next : at;
        if (rank.includes(at) && rank.includes(after))
          expect(rank.indexOf(after)).toBeGreaterThanOrEqual(rank.indexOf(at));
      },
    ),
  );
});

it('says a receipt twice as once', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...deliveryStates)), (states) => {
      expect(climb(states.flatMap((state) => [state, state]))).toBe(climb(states));
    }),
  );
});

it('ends at read, failed and bounced', () => {
  const ends = deliveryStates.filter((state) => deliveryMoves[state].length === 0);
  expect(ends).toEqual(['read', 'failed', 'bounced']);
});

it('lets the channel make an unknown outcome known', () => {
  expect(deliveryClimbs('unknown', 'delivered')).toBe(true);
  expect(deliveryClimbs('unknown', 'sending')).toBe(false);
});
