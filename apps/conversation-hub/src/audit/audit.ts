import { Inject, Injectable } from '@nestjs/common';
import type { AuditPage, AuditQuery, Clock, Payload } from '@yixian/contracts';
import type { Database, Queryable } from '@yixian/database';
import { CLOCK, DATABASE } from '@yixian/service';
import { LessThan } from 'typeorm';
import type { Actor } from '../conversations/actor.ts';
import { AuditRow, toAuditRecord } from './audit.entity.ts';

/** What is written down. */
export interface Deed {
  by: Pick<Actor, 'kind' | 'id' | 'name'>;
  /** An open list, in words of `<thing>.<what happened>`. */
  action: string;
  /** What it was done to: an id, or what a person typed. */
  subject: string;
  /** Never a secret. */
  detail?: Payload;
}

/** Who did what, when. Written with the deed and never changed. */
@Injectable()
export class Audit {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Within `tx` when the deed has a transaction, so that neither stands without the other. */
  async record(deed: Deed, tx?: Queryable): Promise<void> {
    await (tx ?? this.database).query(
      'insert into hub.audit (at, actor, action, subject, detail) values ($1, $2, $3, $4, $5)',
      [
        new Date(this.clock.now()),
        `${deed.by.kind}:${deed.by.id} ${deed.by.name}`,
        deed.action,
        deed.subject,
        deed.detail ?? {},
      ],
    );
  }

  /** Newest first. */
  async page({ cursor, limit, action, subject }: AuditQuery): Promise<AuditPage> {
    const rows = await this.database.source.getRepository(AuditRow).find({
      where: {
        ...(cursor && { id: LessThan(Number(cursor)) }),
        ...(action && { action }),
        ...(subject && { subject }),
      },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    const records = rows.slice(0, limit).map(toAuditRecord);
    return { records, next: rows.length > limit ? records.at(-1)!.id : null };
  }
}
