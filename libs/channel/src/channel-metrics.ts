import type { ChannelName, DeliveryState } from '@yixian/contracts';
import { Counter, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';

/** What a host tells whoever counts. Each call is cheap and never throws. */
export interface ChannelMetrics {
  /** A message came in: `accepted`, `duplicate`, `retry` (nothing durable could be had) or `quarantined`. */
  received(outcome: 'accepted' | 'duplicate' | 'retry' | 'quarantined'): void;
  /** What became of a send, `retry` when it will be tried again, and how long the channel took. */
  sent(outcome: DeliveryState | 'retry', seconds: number): void;
}

const noMetrics: ChannelMetrics = { received: () => undefined, sent: () => undefined };

/** Counts in a Prometheus registry, which all channels of a process may share. */
export function channelMetrics(channel: ChannelName, registry: Registry | undefined): ChannelMetrics {
  if (!registry) return noMetrics;
  const received = counter(registry);
  const sent = histogram(registry);
  return {
    received: (outcome) => received.inc({ channel, outcome }),
    sent: (outcome, seconds) => sent.observe({ channel, outcome }, seconds),
  };
}

function counter(registry: Registry): Counter {
  const name = 'yixian_channel_received_total';
  const help = 'Messages that came in, by what became of them.';
  const known = registry.getSingleMetric(name) as Counter | undefined;
  return known ?? new Counter({ name, help, labelNames: ['channel', 'outcome'], registers: [registry] });
}

function histogram(registry: Registry): Histogram {
  const name = 'yixian_channel_send_seconds';
  const help = 'How long a channel took to send a message, by what became of it.';
  const buckets = [0.005, 0.02, 0.1, 0.5, 2, 10, 60];
  const known = registry.getSingleMetric(name) as Histogram | undefined;
  return (
    known ?? new Histogram({ name, help, buckets, labelNames: ['channel', 'outcome'], registers: [registry] })
  );
}
