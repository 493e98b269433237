import { Inject, Injectable } from '@nestjs/common';
import type { ContactId, EntryId, TimelineQuery } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import { DATABASE } from '@yixian/service';
import { parsePosition } from '../conversations/position.ts';
import type { Position } from '../conversations/position.ts';
import { pageSql } from './page-sql.ts';

/** Where a page is cut: `older` entries before the place, `newer` ones from it on. */
interface Cut {
  place: Position | undefined;
  /** Whether an entry at the place itself counts as older. */
  inclusive: boolean;
  older: number;
  newer: number;
}

/** All that was ever said with a contact, on every channel, in one order. */
@Injectable()
export class Timeline {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /**
   * A page as JSON text of TimelinePage, made in the database and passed through. `undefined` when there is no such
   * contact, or no such entry on its timeline to be `around`. Throws InvalidPosition.
   */
  async page(contactId: ContactId, query: TimelineQuery): Promise<{ json: string } | undefined> {
    const cut = await this.cut(contactId, query);
    if (!cut) return undefined;
    const rare = query.kinds !== undefined && !query.kinds.includes('message');
    const [row] = await this.database.query<{ json: string | null }>(
      pageSql({
        placed: cut.place !== undefined,
        inclusive: cut.inclusive,
        kinds: query.kinds && (rare ? 'rare' : 'any'),
      }),
      [contactId, cut.older, cut.newer, cut.place?.at ?? null, cut.place?.id ?? null, query.kinds ?? null],
    );
    return row?.json ? { json: row.json } : undefined;
  }

  private async cut(contactId: ContactId, query: TimelineQuery): Promise<Cut | undefined> {
    const { before, after, around, limit } = query;
    if (around) {
      const place = await this.placeOf(contactId, around);
      const older = Math.floor(limit / 2);
      return place && { place, inclusive: false, older, newer: limit - older };
    }
    if (after !== undefined) return { place: parsePosition(after), inclusive: true, older: 0, newer: limit };
    const place = before === undefined ? undefined : parsePosition(before);
    return { place, inclusive: false, older: limit, newer: 0 };
  }

  private async placeOf(contactId: ContactId, entry: EntryId): Promise<Position | undefined> {
    const [row] = await this.database.query<Position>(
      {
        name: 'hub.timeline.place',
        text: 'select ordered_at as at, id from hub.entry where id = $1 and contact_id = $2',
      },
      [entry, contactId],
    );
    return row;
  }
}
