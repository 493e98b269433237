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
/** A new replica serves so long before an old one goes, in ms: `minReadySeconds` of the deployments. */
const SETTLES = 5_000;
const LOOK_EVERY = 20;

/** The replicas of one service and the balancer before them. */
export class Service {
  private replicas: Replica[] = [];
  private made = 0;

  /** `newReplica` makes one, not started, with this number in its name. */
  constructor(
    readonly name: string,
    readonly balancer: Balancer,
    private readonly newReplica: (number: number) => Replica,
  ) {}

  async start(count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.bring()));
  }

  /**
   * Replaces every replica as a deployment with `maxSurge: 1, maxUnavailable: 0` does: first a new one is ready for a
   * while, then an old one is told to go, if the others are all ready. `onReplaced` hears of each.
   */
  async roll(onReplaced: (replaced: Replaced) => void): Promise<void> {
    const before = this.replicas;
    for (const old of before) {
      await this.bring();
      await pause(systemClock, SETTLES);
      await this.until(() => this.balancer.readyCount === this.replicas.length);
      onReplaced(await this.end(old));
    }
  }

  kill(): void {
    for (const replica of this.replicas) replica.kill();
  }

  private async bring(): Promise<void> {
    const replica = this.newReplica(++this.made);
    this.replicas = [...this.replicas, replica];
    this.balancer.add(await replica.start());
    await this.until(() => this.balancer.isReady(replica.name));
  }

  private async end(replica: Replica): Promise<Replaced> {
    const connections = this.balancer.connectionsOf(replica.name);
    const stopped = await replica.stop();
    this.balancer.remove(replica.name);
    this.replicas = this.replicas.filter((one) => one !== replica);
    return { replica: replica.name, connections, ...stopped };
  }

  private async until(ready: () => boolean): Promise<void> {
    const end = systemClock.monotonic() + READY_WITHIN;
    while (!ready()) {
      if (systemClock.monotonic() > end)
        throw new Error(`Not all of ${this.name} is ready after ${READY_WITHIN / 1000} s.`);
      await pause(systemClock, LOOK_EVERY);
    }
  }
}
