import fc from 'fast-check';
import { deliveryClimbs, deliveryMoves, deliveryStates, type DeliveryState } from './delivery.ts';

const climb = (states: DeliveryState[]) =>
  states.reduce<DeliveryState>((at, to) => (deliveryClimbs(at, to) ? to : at), 'queued');

it('never falls back, whatever order receipts come in', () => {
  const rank: DeliveryState[] = ['queued', 'sending', 'sent', 'delivered', 'read'];
  const ranked = fc.array(fc.constantFrom(...rank));
  fc.assert(
    fc.property(ranked, fc.constantFrom(...rank), (before, next) => {
      expect(rank.indexOf(climb([...before, next]))).toBeGreaterThanOrEqual(rank.indexOf(climb(before)));
    }),
  );
});

it('says a receipt twice as once', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...deliveryStates)), (states) => {
      expect(climb(states.flatMap((state) => [state, state]))).toBe(climb(states));
    }),
  );
});

it('ends at preview, read, failed and bounced', () => {
  const ends = deliveryStates.filter((state) => deliveryMoves[state].length === 0);
  expect(ends).toEqual(['preview', 'read', 'failed', 'bounced']);
});

it('lets the channel make an unknown outcome known', () => {
  expect(deliveryClimbs('unknown', 'delivered')).toBe(true);
  expect(deliveryClimbs('unknown', 'sending')).toBe(false);
});
