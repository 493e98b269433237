import { createRequire } from 'node:module';
import kafkajs, { type PartitionAssigner } from 'kafkajs';
import { cutFetchesShort } from './fetch-waits.ts';

/** The part of kafkajs' own class that is watched here. */
interface ConsumerGroup {
  cluster: object;
  memberId: string | null;
  joinAndSync(): Promise<void>;
  heartbeat(options: { interval: number }): Promise<void>;
  leave(): Promise<void>;
}

const require = createRequire(import.meta.url);
const memberships = new WeakMap<object, Membership>();
let watching = false;

/**
 * One consumer's place in its group, which the next consumer of this process takes over. kafkajs begins each life as a
 * new member; when the coordinator was lost nobody said goodbye for the old one, and the group then waits up to 10 s
 * for a member that will not come back.
 */
export class Membership {
  private memberId: string | null = null;
  private cluster: object | undefined;
  /** While this is a member of it. */
  private group: ConsumerGroup | undefined;
  private state: 'held' | 'handed-on' | 'given-up' = 'held';

  /** `before`: of the consumer whose place this one takes. */
  constructor(before?: Membership) {
    this.memberId = before?.memberId ?? null;
    watchGroups();
  }

  /** Whether a join would be a return, which a coordinator answers soon. */
  get known(): boolean {
    return this.memberId !== null;
  }

  /** Give it to the consumer: tells its group from others. */
  readonly assigner: PartitionAssigner = (parts) => {
    memberships.set(parts.cluster, this);
    this.cluster = parts.cluster;
    return kafkajs.PartitionAssigners.roundRobin(parts);
  };

  /** The consumer ends, its place stays. */
  handOn(): void {
    this.state = 'handed-on';
  }

  /** The consumer ends and leaves the group. */
  giveUp(): void {
    this.state = 'given-up';
  }

  async join(group: ConsumerGroup, join: () => Promise<void>): Promise<void> {
    if (this.state !== 'held') throw new Error('This member has ended.');
    group.memberId ??= this.memberId;
    this.group = undefined;
    try {
      await join();
      this.group = group;
    } finally {
      this.memberId = group.memberId;
    }
  }

  /** Gives a sign of life, when the last is `interval` ms old. What is wrong kafkajs then finds by its own at once. */
  async beat(interval: number): Promise<void> {
    await this.group?.heartbeat({ interval }).catch(() => undefined);
  }

  /** The fetches that wait for something new end now. */
  cutFetchesShort(): void {
    if (this.cluster) cutFetchesShort(this.cluster);
  }

  async leave(leave: () => Promise<void>): Promise<void> {
    if (this.state === 'given-up') await leave();
  }
}

function watchGroups(): void {
  if (watching) return;
  watching = true;
  const { prototype } = require('kafkajs/src/consumer/consumerGroup') as { prototype: ConsumerGroup };
  const { joinAndSync, leave } = prototype;
  prototype.joinAndSync = function () {
    const join = () => joinAndSync.call(this);
    return memberships.get(this.cluster)?.join(this, join) ?? join();
  };
  prototype.leave = function () {
    const goodbye = () => leave.call(this);
    return memberships.get(this.cluster)?.leave(goodbye) ?? goodbye();
  };
}
