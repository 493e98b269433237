import type { Bus } from '@yixian/bus';
import type { Database } from '@yixian/database';
import { pendingMigrations } from '@yixian/database';

/** What keeps a process from serving, in words. Empty: send it traffic. */
export class Readiness {
  private draining = false;
  private started = false;
  private migrated = false;

  constructor(
    private readonly database: Database,
    private readonly bus: Bus,
  ) {}

  /** All is listening. */
  nowStarted(): void {
    this.started = true;
  }

  /** From now on never ready again. */
  nowDraining(): void {
    this.draining = true;
  }

  async reasons(): Promise<string[]> {
    if (this.draining) return ['stopping'];
    if (!this.started) return ['starting'];
    const [database, bus] = await Promise.all([this.database.healthy(), this.busReason()]);
    if (!database) return ['the database does not answer', ...bus];
    return [...bus, ...(await this.schemaReason())];
  }

  private async busReason(): Promise<string[]> {
    try {
      const { ok, reason } = await this.bus.health();
      return ok ? [] : [reason ?? 'the bus does not work'];
    } catch (error) {
      return [`the bus does not work: ${(error as Error).message}`];
    }
  }

  /** A schema that was complete stays complete. */
  private async schemaReason(): Promise<string[]> {
    if (this.migrated) return [];
    try {
      const pending = await pendingMigrations(this.database);
      this.migrated = pending.length === 0;
      return this.migrated ? [] : [`migrations are missing: ${pending.join(', ')}`];
    } catch (error) {
      return [`the schema cannot be read: ${(error as Error).message}`];
    }
  }
}
