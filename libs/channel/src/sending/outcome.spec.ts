import { DeliveryError } from '../channel.ts';
import { outcomeOfError } from './outcome.ts';
import { patience } from './retry-policy.ts';

const waits = new DeliveryError('waits', {
  retryable: true,
  certain: true,
  patience: { firstMs: 10, longestMs: 50, attempts: Infinity, giveUpAfterMs: 3_600_000 },
});

it('lets a message wait as long as its channel knows that it must', () => {
  const after = (attempts: number, ageMs: number) =>
    outcomeOfError(waits, { attempts, ageMs, policy: patience });
  expect(after(1, 0)).toEqual({ kind: 'again', afterMs: 10, reason: 'waits' });
  expect(after(500, 3_000_000)).toEqual({ kind: 'again', afterMs: 50, reason: 'waits' });
  expect(after(501, 3_600_000)).toEqual({ kind: 'done', state: 'failed', reason: 'waits' });
});

it('has the usual patience with everything else', () => {
  const busy = new DeliveryError('busy', { retryable: true, certain: true });
  const tried = { attempts: patience.attempts, ageMs: 0, policy: patience };
  expect(outcomeOfError(busy, tried)).toEqual({ kind: 'done', state: 'failed', reason: 'busy' });
});
