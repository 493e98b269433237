import { AbstractLogger } from 'typeorm';
import type { LogLevel, LogMessage } from 'typeorm';
import type { DatabaseLog } from './database-log.ts';

/** What TypeORM has to say, in our log, for debugging: whoever called it gets its errors. */
export class OrmLog extends AbstractLogger {
  constructor(private readonly to: DatabaseLog) {
    super(['warn', 'migration']);
  }

  protected override writeLog(
    _level: LogLevel,
    said: LogMessage | string | number | (LogMessage | string | number)[],
  ): void {
    for (const { message } of this.prepareLogMessages(said, { highlightSql: false })) {
      this.to('debug', String(message));
    }
  }
}
