import { expect } from '@jest/globals';
import type { Batch, Bus } from '@yixian/bus';
import { busSchema, PostgresBus } from '@yixian/bus';
import type {
  AccountId,
  Address,
  ChannelName,
  InboundEvent,
  MessageReceived,
  TimelineEvent,
} from '@yixian/contracts';
import {
  newId,
  outboundTopic,
  systemClock,
  TimelineEvent as TimelineEventSchema,
  topics,
} from '@yixian/contracts';
import { entryIdOf } from '@yixian/contracts/node';
import { TestClock } from '@yixian/contracts/testing';
import type { Database } from '@yixian/database';
import { freshDatabase } from '@yixian/database/testing';
import pino from 'pino';
import { Contacts } from '../src/contacts/contacts.ts';
import type { Actor } from '../src/conversations/actor.ts';
import { Conversations } from '../src/conversations/conversations.ts';
import { hubSchema } from '../src/hub-schema.ts';
import { rebuild } from '../src/rebuild/rebuild.ts';
import { Intake } from '../src/intake/intake.ts';
import { Timeline } from '../src/timeline/timeline.ts';

export const chat = 'chat' as ChannelName;
export const site = 'site-1' as AccountId;

export const lin: Actor = {
  kind: 'agent',
  id: '00000000-0000-4000-8000-00000000000a',
  name: '林',
  role: 'agent',
};
export const mei: Actor = {
  kind: 'agent',
  id: '00000000-0000-4000-8000-00000000000b',
  name: 'Mei',
  role: 'agent',
};

/** The hub's record on a fresh database, without HTTP, sockets or subscriptions: batches are given by hand. */
export class TestRecord {
  readonly conversations: Conversations;
  readonly contacts: Contacts;
  readonly timeline: Timeline;
  readonly intake: Intake;
  private readonly cursors = new Map<number, number>();

  private constructor(
    readonly database: Database,
    readonly bus: Bus,
    readonly clock: TestClock,
  ) {
    this.conversations = new Conversations(database, bus, clock);
    this.contacts = new Contacts(database, bus, clock);
    this.timeline = new Timeline(database);
    this.intake = new Intake(bus, clock);
  }

  static async open(clock = new TestClock()): Promise<TestRecord> {
    const database = await freshDatabase({ parts: [busSchema, hubSchema] });
    const bus = await PostgresBus.open({
      database,
      clock,
      log: pino({ level: 'silent' }),
      source: '/yixian/test',
      topics: [...Object.values(topics), outboundTopic(chat)],
    });
    return new TestRecord(database, bus, clock);
  }

  async close(): Promise<void> {
    await this.bus.close();
    await this.database.close();
  }

  /** The next batch of a partition, as the bus would give it. */
  batch(events: InboundEvent[], partition = 0): Batch<InboundEvent> {
    const from = this.cursors.get(partition) ?? null;
    const to = (from ?? 0) + events.length;
    return {
      topic: topics.inbound.name,
      partition,
      events: events.map((data, n) => ({ offset: (from ?? 0) + n, key: '', headers: {}, data })),
      cursor: { group: 'hub', topic: topics.inbound.name, partition, from, to },
    };
  }

  async take(events: InboundEvent[], partition = 0): Promise<void> {
    const batch = this.batch(events, partition);
    await this.intake.take(batch);
    this.cursors.set(partition, batch.cursor.to);
  }

  /** Everything published on the timeline, per key in order, each checked against the contract. */
  async events(): Promise<TimelineEvent[]> {
    const rows = await this.database.query<{ value: string }>(
      `select value from bus.log where topic = $1 order by partition, "offset"`,
      [topics.timeline.name],
    );
    return rows.map(({ value }) => TimelineEventSchema.parse(JSON.parse(value)));
  }

  /** All commands to the channel, in order. */
  async commands(): Promise<Record<string, unknown>[]> {
    const { name, schema } = outboundTopic(chat);
    const rows = await this.database.query<{ value: string }>(
      `select value from bus.log where topic = $1 order by at, partition, "offset"`,
      [name],
    );
    return rows.map(({ value }) => schema.parse(JSON.parse(value)) as Record<string, unknown>);
  }
}

let counter = 0;

/** A message from a customer; what is not given is filled in. */
export function aMessage(
  fill: Partial<Omit<MessageReceived, 'address' | 'nativeId'>> & { address?: string; nativeId?: string } = {},
): MessageReceived {
  const nativeId = fill.nativeId ?? `n${++counter}`;
  const at = new Date(Date.UTC(2026, 0, 1)).toISOString();
  return {
    kind: 'message.received',
    id: entryIdOf(fill.channel ?? chat, fill.account ?? site, nativeId),
    channel: chat,
    account: site,
    occurredAt: at,
    receivedAt: at,
    sender: { claims: [] },
    text: `text of ${nativeId}`,
    attachments: [],
    payload: {},
    ...fill,
    nativeId,
    address: (fill.address ?? 'visitor-1') as Address,
  };
}

type Other = Exclude<InboundEvent, MessageReceived>;
type Given = 'kind' | 'id' | 'channel' | 'account' | 'address' | 'occurredAt';

/** An event of another kind; whose, when and under which id are filled in. */
export function an<K extends Other['kind']>(
  kind: K,
  fill: Omit<Extract<Other, { kind: K }>, Given> & { address?: string; occurredAt?: string; id?: string },
): Extract<Other, { kind: K }> {
  const event = {
    id: newId<string>(),
    channel: chat,
    account: site,
    address: 'visitor-1',
    occurredAt: new Date(Date.UTC(2026, 0, 1)).toISOString(),
    ...fill,
    kind,
  };
  return event as unknown as Extract<Other, { kind: K }>;
}

/**
 * What must hold after any history: the read models equal what the log says, and the timeline told each version of each
 * conversation once, in order, without a hole.
 */
export async function expectSound(record: TestRecord): Promise<void> {
  const { equal, differences, gaps, models } = await rebuild(record.database, systemClock);
  expect({ equal, differences, gaps, models }).toMatchObject({ equal: true, differences: [], gaps: [] });
  const versions = new Map<string, number[]>();
  for (const event of await record.events()) {
    const told = versionOf(event);
    if (told) versions.set(told.id, [...(versions.get(told.id) ?? []), told.version]);
  }
  for (const seen of versions.values()) expect(seen).toEqual(seen.map((_, n) => n + 1));
  const rows = await record.database.query<{ id: string; version: number }>(
    'select id, version from hub.conversation',
  );
  for (const { id, version } of rows) expect(versions.get(id)?.length ?? 0).toBe(version);
}

function versionOf(event: TimelineEvent): { id: string; version: number } | undefined {
  if (event.kind === 'delivery.changed') return { id: event.conversationId, version: event.version };
  return 'conversation' in event ? event.conversation : undefined;
}
