import type { Database } from '@yixian/database';
import { failureOf } from '../delivery/failure.ts';
import { twice } from '../delivery/twice.ts';
import { BusUnavailable } from '../errors.ts';
import type { Appended, LogRecord } from './append-records.ts';
import { appendRecords } from './append-records.ts';

interface Call {
  records: LogRecord[];
  resolve(): void;
  reject(error: unknown): void;
}

/** A statement takes no more calls after this many records. */
const MOST_RECORDS = 500;

/**
 * Appends what is published to the log: everything of one turn of the event loop in one statement, one statement at a
 * time, so that the slower the disk, the larger the batches.
 */
export class LogWriter {
  private waiting: Call[] = [];
  private running: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly onCommitted: (appended: Appended[], records: LogRecord[]) => void,
  ) {}

  /** Resolves once the records are committed. Rejects with {@link BusUnavailable}. */
  append(records: LogRecord[]): Promise<void> {
    if (records.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.waiting.push({ records, resolve, reject });
      this.running ??= this.run();
    });
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) await this.write(this.takeCalls());
    this.running = undefined;
  }

  private takeCalls(): Call[] {
    let records = 0;
    const end = this.waiting.findIndex((call) => (records += call.records.length) > MOST_RECORDS);
    return this.waiting.splice(0, end === -1 ? this.waiting.length : Math.max(1, end));
  }

  private async write(calls: Call[]): Promise<void> {
    const records = calls.flatMap((call) => call.records);
    try {
      const appended = await twice(() => appendRecords(this.database, records));
      this.onCommitted(appended, records);
      for (const call of calls) call.resolve();
    } catch (error) {
      if (failureOf(error) === 'passing')
        return calls.forEach((call) => call.reject(new BusUnavailable(error)));
      if (calls.length === 1) return calls[0]!.reject(error);
      // One call's records are refused for good: the others must not suffer for it.
      for (const call of calls) await this.write([call]);
    }
  }
}
