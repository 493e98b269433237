import type { Clock } from '@yixian/contracts';
import type { Consumer } from 'kafkajs';
import type { Leaders } from '../leaders.ts';

export interface VigilOptions {
  consumer: Consumer;
  topic: string;
  leaders: Leaders;
  clock: Clock;
  /** Heartbeats are due this often. */
  heartbeatMs: number;
  /** A broker that has nothing new answers a fetch after this. */
  fetchMs: number;
  /** How long the join may take. */
  joinMs: number;
  /** Whether deliveries are running: kafkajs sends no heartbeat by itself meanwhile. */
  busy: () => boolean;
}

/** A fetch that takes so much longer than it may wait makes us ask whether the leader has moved. */
const FETCH_SUSPECT_MS = 500;
/**
 * kafkajs gives a fetch up after some seconds and makes another, but sometimes never settles one whose connection broke:
 * nothing is fetched from that broker any more.
 */
const FETCH_HUNG_MS = 15_000;
/** So many heartbeats may be missing: the coordinator does not take us for dead yet. */
const HEARTBEATS_MISSING = 3;

/**
 * Watches a consumer from outside for what kafkajs does not see for half a minute: a broker that is frozen keeps its
 * connections open and answers nothing, be it the coordinator or the leader of a partition.
 */
export class Vigil {
  private joiningSince: number | undefined;
  private lastHeartbeat: number;
  private readonly fetchingSince = new Map<number, number>();

  constructor(private readonly options: VigilOptions) {
    const { consumer, clock } = options;
    const { REBALANCING, GROUP_JOIN, HEARTBEAT, FETCH_START, FETCH } = consumer.events;
    this.joiningSince = this.lastHeartbeat = clock.monotonic();
    consumer.on(REBALANCING, () => {
      this.joiningSince = clock.monotonic();
    });
    consumer.on(GROUP_JOIN, () => this.joined());
    consumer.on(HEARTBEAT, () => {
      this.lastHeartbeat = clock.monotonic();
    });
    // kafkajs' types say number; what comes is the text of one.
    consumer.on(FETCH_START, ({ payload }) => {
      const node = Number(payload.nodeId);
      // One that was given up is not told of: its broker is silent since it began.
      if (!this.fetchingSince.has(node)) this.fetchingSince.set(node, clock.monotonic());
    });
    consumer.on(FETCH, ({ payload }) => void this.fetchingSince.delete(Number(payload.nodeId)));
  }

  /** Why the consumer should be replaced now; `undefined` when it need not be. */
  async look(): Promise<string | undefined> {
    const { clock, joinMs, heartbeatMs, busy } = this.options;
    const now = clock.monotonic();
    if (this.joiningSince !== undefined) {
      return now - this.joiningSince > joinMs ? 'The coordinator does not answer the join.' : undefined;
    }
    if (busy()) this.lastHeartbeat = now;
    if (now - this.lastHeartbeat > HEARTBEATS_MISSING * heartbeatMs)
      return 'The coordinator answers no heartbeat.';
    return this.lookAtLeaders(now);
  }

  private joined(): void {
    this.joiningSince = undefined;
    this.lastHeartbeat = this.options.clock.monotonic();
    this.fetchingSince.clear();
  }

  private async lookAtLeaders(now: number): Promise<string | undefined> {
    const hung = [...this.fetchingSince].find(([, since]) => now - since > FETCH_HUNG_MS);
    if (hung) return `Broker ${hung[0]} was never heard of again.`;
    const { leaders, topic, fetchMs } = this.options;
    const suspects = [...this.fetchingSince].filter(([, since]) => now - since > fetchMs + FETCH_SUSPECT_MS);
    if (suspects.length === 0) return undefined;
    await leaders.learn([topic]);
    const moved = suspects.find(([node]) => leaders.known(topic) && !leaders.leads(node, topic));
    if (!moved) return undefined;
    this.fetchingSince.delete(moved[0]);
    return `Broker ${moved[0]} answers nothing and leads no partition any more.`;
  }
}
