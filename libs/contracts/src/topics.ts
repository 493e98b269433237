import type { z } from 'zod';
import { AccountChanged, ChannelAnnounced } from './account.ts';
import { AccountCheckEvent } from './account-check.ts';
import type { ChannelName } from './ids.ts';
import { InboundEvent } from './inbound.ts';
import { OutboundCommand } from './outbound.ts';
import { Signal } from './signal.ts';
import { TimelineEvent } from './timeline-event.ts';

const days = (n: number) => n * 24 * 60 * 60 * 1000;

/**
 * Every topic, with its settings. The one source: brokers, Kubernetes and the AsyncAPI document are made from it.
 * `partitions` never changes once a topic exists, since order per key hangs on it.
 */
export interface TopicSpec {
  name: string;
  partitions: number;
  /** `delete` keeps records for `retentionMs`; `compact` keeps the newest record of each key for ever. */
  cleanup: 'delete' | 'compact';
  retentionMs: number;
  /** What the record key is. */
  key: string;
  schema: z.ZodType<{ kind: string; id?: string }>;
}

const topic = (spec: TopicSpec): TopicSpec => spec;

export const topics = {
  inbound: topic({
    name: 'yixian.inbound.v1',
    partitions: 12,
    cleanup: 'delete',
    retentionMs: days(7),
    key: 'channel:account:address',
    schema: InboundEvent,
  }),
  timeline: topic({
    name: 'yixian.timeline.v1',
    partitions: 12,
    cleanup: 'delete',
    retentionMs: days(7),
    key: 'conversation id, or contact id',
    schema: TimelineEvent,
  }),
  signals: topic({
    name: 'yixian.signals.v1',
    partitions: 3,
    cleanup: 'delete',
    retentionMs: 10 * 60 * 1000,
    key: 'channel:account:address, or agent id',
    schema: Signal,
  }),
  checks: topic({
    name: 'yixian.checks.v1',
    partitions: 1,
    cleanup: 'delete',
    retentionMs: 10 * 60 * 1000,
    key: 'channel',
    schema: AccountCheckEvent,
  }),
  channels: topic({
    name: 'yixian.channels.v1',
    partitions: 1,
    cleanup: 'compact',
    retentionMs: -1,
    key: 'channel',
    schema: ChannelAnnounced,
  }),
  accounts: topic({
    name: 'yixian.accounts.v1',
    partitions: 1,
    cleanup: 'compact',
    retentionMs: -1,
    key: 'account id',
    schema: AccountChanged,
  }),
} as const;

/** The topic of the commands to one channel. */
export function outboundTopic(channel: ChannelName): TopicSpec {
  return {
    name: `yixian.outbound.${channel}.v1`,
    partitions: 6,
    cleanup: 'delete',
    retentionMs: days(7),
    key: 'channel:account:address',
    schema: OutboundCommand,
  };
}
