import { Inject, Injectable } from '@nestjs/common';
import type { ContactId, TimelineQuery } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import { DATABASE } from '@yixian/service';

@Injectable()
export class Timeline {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** A page of a contact's timeline as JSON text of `TimelinePage`; `undefined` when there is no such contact. */
  declare page: (contactId: ContactId, query: TimelineQuery) => Promise<{ json: string } | undefined>;
}
