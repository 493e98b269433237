import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pause, systemClock } from '@yixian/contracts';
import type { Violation } from '../torture/checker.ts';
import { historyAround } from '../torture/history.ts';
import { LoadProcess } from '../torture/load-process.ts';
import { Stored } from '../torture/record.ts';
import { SITE } from '../torture/system.ts';
import { findViolations, Report } from '../torture/verdict.ts';
import type { Replaced } from './service.ts';
import { startSystem } from './system.ts';
import type { Means, ReplicatedSystem } from './system.ts';

export type Surroundings = Omit<Means, 'onWrong' | 'onReadiness'> & { loadScript: string };

/** What a process promises: gone so many seconds after SIGTERM. */
const STOPS_WITHIN = 10;
/** The system is right again so long after the last restart, in seconds. */
const SETTLES_WITHIN = 60;
/** Quiet for so long before the last check, in ms: what would come twice has come. */
const LAST_LOOK = 3_000;
/** The first restart comes after so many messages: everybody is there. */
const BEFORE = 200;
const MOST_SHOWN = 8;

/**
 * Restarts every replica of every service, one after the other, while customers write and agents answer; then holds
 * all that everybody saw against all that is stored. Prints what it sees and gives the exit code.
 */
export async function main(args: string[], around: () => Promise<Surroundings>): Promise<number> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args, options: { rounds: text, rate: text, seed: text } });
  const { rounds = '1', rate = '50', seed = '1' } = values;
  const run = new RollingRestart(await around(), Number(rate), Number(seed));
  return run.run(Number(rounds));
}

class RollingRestart {
  private readonly wrong: Violation[] = [];

  constructor(
    private readonly around: Surroundings,
    private readonly rate: number,
    private readonly seed: number,
  ) {}

  async run(rounds: number): Promise<number> {
    const system = await startSystem({
      ...this.around,
      onWrong: this.onWrong,
      onReadiness: this.onReadiness,
    });
    const load = this.startLoad(system);
    this.around.onEnd(() => load.kill());
    while ((load.state?.written ?? 0) < BEFORE) await pause(systemClock, 200);
    for (let round = 0; round < rounds; round++)
      for (const service of system.services) await service.roll(this.replaced);
    load.calm();
    return this.judge(system, load);
  }

  private readonly onWrong = (who: string, says: string): void => {
    console.log(`!  ${who} ${says}`);
    this.wrong.push({ kind: 'process', who, says });
  };

  private readonly onReadiness = (replica: string, why: string): void =>
    console.log(`   ${replica} is ${why ? `not ready: ${why}` : 'ready'}`);

  private readonly replaced = ({ replica, connections, seconds, with: code }: Replaced): void => {
    console.log(
      `   ${replica}: ${connections} connections, gone ${seconds.toFixed(1)} s after SIGTERM, exit ${code}`,
    );
    if (code !== 0 || seconds > STOPS_WITHIN)
      this.onWrong(replica, `took ${seconds.toFixed(1)} s to stop and ended with ${code}`);
  };

  private startLoad({ visitorUrl, deskUrl, tokens }: ReplicatedSystem): LoadProcess {
    const { seed, rate } = this;
    const startedAt = systemClock.now();
    const orders = {
      seed,
      rate,
      run: `r${startedAt.toString(36)}`,
      site: SITE,
      tokens,
      startedAt,
      visitorUrls: [visitorUrl],
      deskUrls: [deskUrl],
      postUrls: [],
      // A balancer of TCP cannot send the requests of one client to one replica.
      longPolling: false,
      journal: this.file('load.journal'),
    };
    return new LoadProcess(this.around.loadScript, orders, this.onWrong);
  }

  private async judge(system: ReplicatedSystem, load: LoadProcess): Promise<number> {
    const stored = await Stored.open(system.databaseUrl);
    const until = systemClock.monotonic() + SETTLES_WITHIN * 1000;
    try {
      while (systemClock.monotonic() < until && !(load.state?.calm && (await stored.isDelivered())))
        await pause(systemClock, 200);
      await pause(systemClock, LAST_LOOK);
      await load.report(this.file('report.jsonl'));
      const report = await Report.read(this.file('report.jsonl'));
      const restless = load.state?.calm ? [] : (load.state?.restless ?? []);
      const violations = [
        ...this.wrong,
        ...restless.map((who) => ({ kind: 'process', who, says: 'is not at rest' }) as Violation),
        ...(await findViolations(report, stored, () => [])),
      ];
      for (const { name, balancer } of system.services)
        if (balancer.turnedAway > 0)
          violations.push({
            kind: 'process',
            who: name,
            says: `had no replica ready for ${balancer.turnedAway} connections`,
          });
      const names = new Set(violations.map(({ who }) => who));
      const concerned = report.customers.filter(({ name }) => names.has(name)).map(({ address }) => address);
      const sides = [...(await stored.sidesOf(concerned))].map(([address, side]) => ({ address, ...side }));
      await writeFile(this.file('stored.jsonl'), sides.map((side) => `${JSON.stringify(side)}\n`).join(''));
      return await this.pronounce(system, report, violations);
    } finally {
      await stored.close();
    }
  }

  private async pronounce(
    { services }: ReplicatedSystem,
    report: Report,
    violations: Violation[],
  ): Promise<number> {
    for (const violation of violations.slice(0, MOST_SHOWN)) {
      console.log(`\nVIOLATION (${violation.kind}) ${violation.who}: ${violation.says}`);
      for (const line of await historyAround(violation, [this.file('load.journal')]))
        console.log(`    ${line}`);
    }
    for (const { name, balancer } of services)
      console.log(
        `   ${name}: ${balancer.refused} connections refused by a replica that was ready, ` +
          `${balancer.turnedAway} with no replica ready`,
      );
    if (violations.length === 0) await rm(this.around.folder, { recursive: true, force: true });
    else console.log(`The journals and logs are in ${this.around.folder}.`);
    const acknowledged = report.customers.reduce((sum, customer) => sum + customer.acknowledged, 0);
    const screens = [...report.agents.values()].flat().length;
    console.log(
      `${acknowledged} messages acknowledged of ${report.customers.length} customers, ${report.replyCount} replies, ` +
        `${screens} conversations on agents' screens: ${violations.length} violations.`,
    );
    return violations.length === 0 ? 0 : 1;
  }

  private file(name: string): string {
    return join(this.around.folder, name);
  }
}
