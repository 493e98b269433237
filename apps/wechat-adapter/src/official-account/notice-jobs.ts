import type { ChannelHost } from '@yixian/channel';
import type { AccountId, EntryId } from '@yixian/contracts';

/** Tencent tells how a template notice ended within minutes; kept for days, in ms. */
const KEPT = 3 * 24 * 3_600_000;

const reasons: Record<string, string> = {
  'failed:user block': 'refused_by_customer',
  'failed: user block': 'refused_by_customer',
};

/** Template notices that were taken, until Tencent says how they ended. */
export class NoticeJobs {
  constructor(
    private readonly account: AccountId,
    private readonly host: Pick<ChannelHost, 'store' | 'clock' | 'report'>,
  ) {}

  remember(jobId: string, messageId: EntryId): Promise<void> {
    return this.host.store.put(this.keyOf(jobId), messageId, { expiresAt: this.host.clock.now() + KEPT });
  }

  async finished(jobId: string, status: string): Promise<void> {
    const messageId = await this.host.store.get<EntryId>(this.keyOf(jobId));
    if (!messageId) return;
    if (status === 'success') return this.host.report({ messageId, state: 'delivered' });
    return this.host.report({ messageId, state: 'failed', reason: reasons[status] ?? 'notice_failed' });
  }

  private keyOf(jobId: string): string {
    return `job:${this.account}:${jobId}`;
  }
}
