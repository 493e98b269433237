import type { DeliveryState } from '@yixian/contracts';

/** What a host tells whoever counts. Each call is cheap and never throws. */
export interface ChannelMetrics {
  /** A message came in: `accepted`, `duplicate`, `retry` (nothing durable could be had) or `quarantined`. */
  received(outcome: 'accepted' | 'duplicate' | 'retry' | 'quarantined'): void;
  /** What became of a send, `retry` when it will be tried again, and how long the channel took. */
  sent(outcome: DeliveryState | 'retry', seconds: number): void;
}

export const noMetrics: ChannelMetrics = { received: () => undefined, sent: () => undefined };
