import { Controller, Inject, Optional } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { Batch, Bus } from '@yixian/bus';
import type { Clock, InboundEvent } from '@yixian/contracts';
import { conversationMoves, deliveryMoves, topics } from '@yixian/contracts';
import { BUS, CLOCK } from '@yixian/service';
import { WaitingLine } from '../conversations/waiting-line.ts';
import { Company } from './company.ts';
import { defaultRecordSettings, RECORD_SETTINGS } from './intake-settings.ts';
import type { RecordSettings } from './intake-settings.ts';
import { makesClaims, runsOf } from './runs.ts';
import type { Run } from './runs.ts';

const ingest = {
  name: 'hub.ingest',
  text: 'select queue_moved as "queueMoved" from hub.ingest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)',
};

/** The state table's `receive`, by state. */
const receives = Object.fromEntries(
  Object.entries(conversationMoves).map(([state, moves]) => [state, moves.receive]),
);

/**
 * Takes in what the channels tell: messages, receipts, identities, ratings. Batches of many partitions go together, as
 * one statement and one commit: their effects, the events that tell of them, and the cursors. Exactly once, whatever
 * dies when.
 */
@Controller()
export class Intake {
  private readonly rules: string;
  private readonly company = new Company((batches, { patient }) => this.record(batches, patient));

  constructor(
    @Inject(BUS) private readonly bus: Bus,
    @Inject(CLOCK) private readonly clock: Clock,
    @Optional() @Inject(RECORD_SETTINGS) settings: RecordSettings = defaultRecordSettings,
    @Optional() @Inject(WaitingLine) private readonly line?: WaitingLine,
  ) {
    this.rules = JSON.stringify({ receives, climbs: deliveryMoves, reopenDays: settings.REOPEN_DAYS });
  }

  /**
   * Rejects with DatabaseError: SQLSTATE `YX001` when another process owns the partition now; class 22 or 23 when an
   * event cannot be stored, alone or in any company; else retryable.
   */
  @EventPattern<Record<string, Batch<InboundEvent>>>(topics.inbound.name, { group: 'hub', cursor: 'handler' })
  take(@Payload() batch: Batch<InboundEvent>): Promise<void> {
    return this.company.take(batch);
  }

  private async record(batches: Batch<InboundEvent>[], patient: boolean): Promise<void> {
    // Whoever takes many rows takes them in one order.
    const cursors = batches.map(({ cursor }) => cursor).sort((a, b) => a.partition - b.partition);
    const events = batches.flatMap((batch) => batch.events);
    const values = [
      cursors[0]!.group,
      cursors[0]!.topic,
      cursors.map(({ partition }) => partition),
      cursors.map(({ from }) => from),
      cursors.map(({ to }) => to),
      ...messagesAndRuns(runsOf(events)),
      makesClaims(events),
      this.rules,
      Math.round(this.clock.now() * 1000),
      patient,
    ];
    const [done] = await this.bus.runAppending<{ queueMoved: boolean }>({ ...ingest, values });
    if (done!.queueMoved) this.line?.moved();
  }
}

/** As `hub.ingest` takes them: what is messages alone apart from what is not, and one message as it is. */
function messagesAndRuns(runs: Run[]): [messages: string | null, runs: string | null] {
  const [first] = runs;
  if (runs.length !== 1 || !first || !('messages' in first)) return [null, JSON.stringify(runs)];
  const { messages } = first;
  return [JSON.stringify(messages.length === 1 ? messages[0] : messages), null];
}
