import type { Bus, OutgoingEvent } from '@yixian/bus';
import { customerKey, topics } from '@yixian/contracts';
import type { ChannelName, Clock, MessageReceived } from '@yixian/contracts';
import type { Logger } from 'pino';
import { replaysRaw } from '../abilities.ts';
import type { ChannelMetrics } from '../channel-metrics.ts';
import type { Channel, Received, ReceiveOutcome } from '../channel.ts';
import { isRetryable } from '../persist.ts';
import type { NewLine } from '../transcript/transcript-table.ts';
import type { Quarantine, Quarantined } from './quarantine.ts';
import { toEvent } from './to-event.ts';

export interface ReceptionMeans {
  channel: Channel;
  bus: Bus;
  clock: Clock;
  log: Logger;
  metrics: ChannelMetrics;
  quarantine: Quarantine;
  /** Publishes an event and keeps the customer's line, for channels that have a transcript; says whether it is new. */
  publishWithLine?: (event: OutgoingEvent, line: NewLine) => Promise<{ added: boolean }>;
}

/**
 * Takes messages in. Each is published before anything else, always, also when it looks like one we had: the hub drops
 * what it knows by id, and nothing here could tell "published" from "about to be" after a crash.
 */
export class Reception {
  private readonly name: ChannelName;
  private open = true;
  private readonly running = new Set<Promise<unknown>>();

  constructor(private readonly means: ReceptionMeans) {
    this.name = means.channel.about.channel;
  }

  /** Resolves when the message is durable, or cannot be. Never rejects. */
  async receive(received: Received): Promise<ReceiveOutcome> {
    const outcome = this.open
      ? await this.track(this.take(received))
      : { accepted: false as const, retry: true as const };
    this.count(outcome);
    return outcome;
  }

  /** Tells everyone to come again, and resolves when what is under way is done. */
  async stop(): Promise<void> {
    this.open = false;
    await Promise.allSettled(this.running);
  }

  /** Takes again what somebody wants replayed. */
  async replayWanted(): Promise<void> {
    for (const one of await this.means.quarantine.wanted()) await this.track(this.replay(one));
  }

  private async take(received: Received): Promise<ReceiveOutcome> {
    try {
      const converted = toEvent(this.name, received, this.means.clock.now());
      return converted.ok ? await this.accept(converted.event) : await this.setAside(received, converted.why);
    } catch (error) {
      // What cannot be published for good is no different from what cannot be understood.
      if (isForEver(error))
        return this.setAside(received, (error as Error).message).catch(() => this.again(error));
      return this.again(error);
    }
  }

  private async accept(event: MessageReceived): Promise<ReceiveOutcome> {
    const { bus, publishWithLine } = this.means;
    const outgoing = { topic: topics.inbound, key: customerKey(event), data: event };
    if (!publishWithLine) {
      await bus.publish([outgoing]);
      return { accepted: true, id: event.id, duplicate: false };
    }
    const { added } = await publishWithLine(outgoing, lineOf(event));
    return { accepted: true, id: event.id, duplicate: !added };
  }

  private async setAside(received: Received, why: string): Promise<ReceiveOutcome> {
    const raw = Buffer.from(JSON.stringify(received));
    const { account, nativeId } = textOf(received);
    const quarantined = await this.means.quarantine.keep({ form: 'message', raw, why, account, nativeId });
    this.means.log.warn({ quarantined, why }, 'A message does not fit the contract and was set aside.');
    return { accepted: false, retry: false, quarantined };
  }

  private again(error: unknown): ReceiveOutcome {
    // Self-healing when it says so; otherwise it may go on for ever, and a person must look.
    const level = isRetryable(error) ? 'warn' : 'error';
    this.means.log[level]({ err: error }, 'A message could not be made durable; it must come again.');
    return { accepted: false, retry: true };
  }

  private async replay(one: Quarantined): Promise<void> {
    try {
      const refused = await this.replayOf(one);
      if (refused === undefined) await this.means.quarantine.replayed(one.id);
      else await this.means.quarantine.refused(one.id, refused);
    } catch (error) {
      if (!isRetryable(error)) await this.means.quarantine.refused(one.id, (error as Error).message);
    }
  }

  /** `undefined`, or why it was not taken this time either. */
  private async replayOf({ form, raw, account, nativeId }: Quarantined): Promise<string | undefined> {
    const { channel, clock } = this.means;
    if (form === 'raw') {
      if (!replaysRaw(channel)) return 'The channel cannot take raw input again.';
      await channel.replay(raw, { account: account ?? undefined, nativeId: nativeId ?? undefined });
      return undefined;
    }
    const converted = toEvent(this.name, JSON.parse(raw.toString()) as Received, clock.now());
    if (!converted.ok) return converted.why;
    await this.accept(converted.event);
    return undefined;
  }

  private async track<T>(work: Promise<T>): Promise<T> {
    this.running.add(work);
    return work.finally(() => this.running.delete(work));
  }

  private count(outcome: ReceiveOutcome): void {
    const { metrics } = this.means;
    if (outcome.accepted) return metrics.received(outcome.duplicate ? 'duplicate' : 'accepted');
    metrics.received(outcome.retry ? 'retry' : 'quarantined');
  }
}

/** The bus says that no bus could ever store it. */
function isForEver(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'invalid_event';
}

/** As much of the identification as is text at all: it goes into columns. */
function textOf(received: Received): { account?: string; nativeId?: string } {
  const text = (value: unknown) =>
    typeof value === 'string' ? value.replaceAll('\0', '').slice(0, 512) : undefined;
  return { account: text(received.account), nativeId: text(received.nativeId) };
}

function lineOf({
  id,
  account,
  address,
  sender,
  text,
  attachments,
  payload,
  receivedAt,
}: MessageReceived): NewLine {
  const authorName = sender.name ?? null;
  return { id, account, address, from: 'customer', authorName, text, attachments, payload, at: receivedAt };
}
