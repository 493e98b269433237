import { pause, systemClock } from '@yixian/contracts';
import type { Balancer } from './balancer.ts';
import type { Replica, Stopped } from './replica.ts';

/** A replica that was replaced, and what it was like. */
export interface Replaced extends Stopped {
  replica: string;
  /** Its open connections when it was told to stop. */
  connections: number;
}

const READY_WITHIN = 60_000;
/** A new replica serves so long before the next goes, in ms: `minReadySeconds` of the deployments. */
const SETTLES = 5_000;
const LOOK_EVERY = 20;

/** The replicas of one service and the balancer before them. */
export class Service {
  constructor(
    readonly name: string,
    readonly balancer: Balancer,
    private readonly replicas: Replica[],
  ) {}

  async start(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => this.bring(replica)));
  }

  /** Ends and starts every replica, one after the other. `onReplaced` hears of each. */
  async roll(onReplaced: (replaced: Replaced) => void): Promise<void> {
    for (const replica of this.replicas) {
      const connections = this.balancer.connectionsOf(replica.name);
      const stopped = await replica.stop();
      this.balancer.remove(replica.name);
      onReplaced({ replica: replica.name, connections, ...stopped });
      await this.bring(replica);
      await pause(systemClock, SETTLES);
    }
  }

  kill(): void {
    for (const replica of this.replicas) replica.kill();
  }

  private async bring(replica: Replica): Promise<void> {
    this.balancer.add(await replica.start());
    const until = systemClock.monotonic() + READY_WITHIN;
    while (!this.balancer.isReady(replica.name)) {
      if (systemClock.monotonic() > until)
        throw new Error(`${replica.name} is not ready after ${READY_WITHIN / 1000} s.`);
      await pause(systemClock, LOOK_EVERY);
    }
  }
}
