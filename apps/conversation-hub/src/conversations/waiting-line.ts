import { Inject, Injectable } from '@nestjs/common';
import type { Bus } from '@yixian/bus';
import type { Cancel, Clock, QueuePosition } from '@yixian/contracts';
import { customerKey, timestamp, topics } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import { BUS, CLOCK, DATABASE } from '@yixian/service';

/** The line is told at most this often, in ms: it is shown to people who wait for minutes. */
const PACE = 2_000;
/** Who is further back is not told: the number would not comfort anybody, and telling it costs. */
const LONGEST = 200;

type Place = Pick<QueuePosition, 'channel' | 'account' | 'address'>;

/** The customers who wait for an agent, the longest first. Tells each, when the line moves, how many are before them. */
@Injectable()
export class WaitingLine {
  private told = new Map<string, { place: Place; ahead: number }>();
  private resting: Cancel | undefined;
  private movedSince = false;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(BUS) private readonly bus: Bus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Somebody began or ceased to wait. Tells the line at once, or when the pace allows it. Never throws. */
  moved(): void {
    if (this.resting) {
      this.movedSince = true;
      return;
    }
    this.resting = this.clock.after(PACE, () => this.rested());
    // What could not be told now is told at the next move; who waits has lost nothing but a number.
    void this.tell().catch(() => {});
  }

  private rested(): void {
    this.resting = undefined;
    if (!this.movedSince) return;
    this.movedSince = false;
    this.moved();
  }

  /** Tells those whose place changed, and 0 to those who left the line: an agent took them, or they are done. */
  private async tell(): Promise<void> {
    const line = await this.line();
    const left = [...this.told]
      .filter(([key]) => !line.has(key))
      .map(([, { place }]) => ({ place, ahead: 0 }));
    const changed = [...line].filter(([key, { ahead }]) => this.told.get(key)?.ahead !== ahead);
    const news = [...left, ...changed.map(([, place]) => place)];
    if (news.length === 0) return;
    const at = timestamp(this.clock);
    await this.bus.publish(
      news.map(({ place, ahead }) => ({
        topic: topics.signals,
        key: customerKey(place),
        data: { kind: 'queue.position' as const, ...place, ahead, at },
      })),
    );
    this.told = line;
  }

  private async line(): Promise<Map<string, { place: Place; ahead: number }>> {
    const rows = await this.database.query<Place>(
      {
        name: 'hub.waiting_line',
        text: `select channel, account, address from hub.conversation
          where state <> 'closed' and assignee_id is null and waiting_since is not null
          order by waiting_since, id limit $1`,
      },
      [LONGEST],
    );
    return new Map(rows.map((place, ahead) => [customerKey(place), { place, ahead }]));
  }
}
