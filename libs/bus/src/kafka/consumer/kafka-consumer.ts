import { pause } from '@yixian/contracts';
import { waitAfter } from '../../delivery/backoff.ts';
import { GroupMember, type GroupMemberOptions } from './group-member.ts';
import { isRecoverable } from './is-recoverable.ts';
import { Membership } from './membership.ts';

export interface KafkaConsumerOptions extends Omit<GroupMemberOptions, 'membership' | 'outMs'> {
  /** Reading can never go on in this process. */
  onCrash: (error: unknown) => void;
}

const REJOIN = { first: 200, longest: 2_000 };

/** Reads one topic in a group for as long as it is open: whatever a member dies of, a new one takes its place. */
export class KafkaConsumer {
  private membership: Membership | undefined;
  private member: GroupMember | undefined;
  private readonly closing = new AbortController();
  private readonly living: Promise<void>;

  constructor(private readonly options: KafkaConsumerOptions) {
    this.living = this.live();
  }

  /** Goes on from where the cursors stand now. */
  reposition(): void {
    this.member?.reposition();
  }

  async stop(): Promise<void> {
    this.closing.abort();
    await this.living;
  }

  private async live(): Promise<void> {
    const { groupId, clock, log, onCrash } = this.options;
    let failures = 0;
    let outSince = clock.monotonic();
    while (!this.closing.signal.aborted) {
      const end = await this.lead(clock.monotonic() - outSince, () => {
        failures = 0;
      });
      if (!end) return;
      if (!isRecoverable(end.error)) {
        log.error({ err: end.error, groupId }, 'Reading from Kafka has ended for good.');
        return onCrash(end.error);
      }
      if (failures === 0) outSince = clock.monotonic();
      failures += 1;
      log.warn({ err: end.error, groupId }, 'Joining Kafka anew.');
      await pause(clock, waitAfter(failures, REJOIN), this.closing.signal);
    }
  }

  /** One member's life; `undefined` when it was ended by {@link stop}. */
  private async lead(outMs: number, onPositioned: () => void): Promise<{ error: unknown } | undefined> {
    this.membership = new Membership(this.membership);
    const member = new GroupMember({
      ...this.options,
      membership: this.membership,
      outMs,
      onPositioned: () => {
        onPositioned();
        this.options.onPositioned();
      },
    });
    const stopped = new Promise<undefined>((resolve) => {
      this.closing.signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    this.member = member;
    void member.start();
    const end = await Promise.race([member.ended, stopped]);
    await member.stop({ leave: end === undefined });
    return end;
  }
}
