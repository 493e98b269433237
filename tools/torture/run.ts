import { writeFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pause, systemClock } from '@yixian/contracts';
import type { KafkaCluster } from '../kafka/cluster.mjs';
import type { Violation } from './checker.ts';
import { performFaults } from './faults.ts';
import type { Tally } from './faults.ts';
import { historyAround } from './history.ts';
import { Journal } from './journal.ts';
import { LoadProcess } from './load-process.ts';
import type { Options } from './options.ts';
import { Stored } from './record.ts';
import { scheduleOf } from './schedule.ts';
import { SITE } from './system.ts';
import type { TortureSystem } from './system.ts';
import { findViolations, Report } from './verdict.ts';

export interface Surroundings {
  /** Of this run alone; deleted when all is well. */
  folder: string;
  apps: string;
  loadScript: string;
  postScript: string;
  startKafka: (options: { brokers: 1 | 3 }) => Promise<KafkaCluster>;
  /** What must not outlive the run. */
  onEnd: (end: () => Promise<void>) => void;
}

/** Once everything is healed: what has not become right when nothing has moved for so long, in seconds, is wrong. */
const STANDS_STILL_FOR = 120;
/** The same where it is known that it will not be right. */
const PLANTED_STANDS_STILL_FOR = 15;
/** Quiet for so long before the last check, in ms: what would come twice has come. */
const LAST_LOOK = 3000;
const PROGRESS_EVERY = 10_000;
const MOST_SHOWN = 8;

/** One run: load and faults for their time, then the judgement. */
export class Run {
  private readonly startedAt = systemClock.now();
  private readonly journalOfFaults: Journal;
  private readonly load: LoadProcess;
  private tally: Tally = new Map();

  constructor(
    private readonly options: Options,
    private readonly around: Surroundings,
    private readonly of: {
      system: TortureSystem;
      /** What was seen to be wrong on the way. */
      wrong: Violation[];
      onWrong: (who: string, says: string) => void;
    },
  ) {
    this.journalOfFaults = new Journal(this.file('faults.journal'), systemClock, this.startedAt);
    this.load = this.startLoad();
  }

  /** Gives all that was found to be wrong. */
  async run(): Promise<Violation[]> {
    await this.torment();
    return this.judge();
  }

  async end(): Promise<void> {
    this.load.kill();
  }

  private startLoad(): LoadProcess {
    const { visitorUrls, deskUrls, postUrls, tokens } = this.of.system;
    const { seed, rate } = this.options;
    const run = `s${seed}-${this.startedAt.toString(36)}`;
    const { startedAt } = this;
    const urls = { visitorUrls, deskUrls, postUrls };
    const orders = { seed, rate, run, site: SITE, ...urls, tokens, longPolling: true, startedAt };
    return new LoadProcess(
      this.around.loadScript,
      { ...orders, journal: this.file('load.journal') },
      this.of.onWrong,
    );
  }

  private async torment(): Promise<void> {
    const { system } = this.of;
    const means = {
      clock: systemClock,
      journal: this.journalOfFaults,
      tell: (line: string) => console.log(line),
    };
    const ended = new AbortController();
    void this.tellProgress(ended.signal);
    [this.tally] = await Promise.all([
      performFaults(scheduleOf(this.options), system, means),
      pause(systemClock, this.options.seconds * 1000),
    ]);
    ended.abort();
    this.load.calm();
    await Promise.all(system.apps.map((app) => app.ready()));
  }

  private async tellProgress(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await pause(systemClock, PROGRESS_EVERY, signal);
      const { state } = this.load;
      const memory = Math.round((state?.bytes ?? 0) / 1e6);
      console.log(
        `   … ${state?.written} written, ${state?.waiting} on the way, ${state?.replies} replies, ${memory} MB`,
      );
    }
  }

  private async judge(): Promise<Violation[]> {
    const stored = await Stored.open(this.of.system.databaseUrl);
    const patience = 1000 * (this.options.planted ? PLANTED_STANDS_STILL_FOR : STANDS_STILL_FOR);
    const from = systemClock.monotonic();
    let [done, since] = [-1, from];
    try {
      for (;;) {
        const now = await this.progress(stored);
        if (now > done) [done, since] = [now, systemClock.monotonic()];
        const last = systemClock.monotonic() - since > patience;
        const isCalm = this.load.state?.calm && (await stored.isDelivered());
        if (last || (isCalm && (await this.check(stored)).violations.length === 0)) {
          await pause(systemClock, LAST_LOOK);
          return await this.pronounce(stored, systemClock.monotonic() - from - LAST_LOOK);
        }
        await pause(systemClock, 1000);
      }
    } finally {
      await stored.close();
    }
  }

  /** Grows for as long as something still arrives: only what stands still can be wrong. */
  private async progress(stored: Stored): Promise<number> {
    const { written = 0, waiting = 0 } = this.load.state ?? {};
    return written - waiting + (await stored.entryCount());
  }

  private async check(stored: Stored): Promise<{ report: Report; violations: Violation[] }> {
    const file = this.file('report.jsonl');
    await this.load.report(file);
    const report = await Report.read(file);
    const lettersTo = (address: string) => this.of.system.letterBox.lettersTo(address);
    return { report, violations: await findViolations(report, stored, lettersTo) };
  }

  private async pronounce(stored: Stored, settled: number): Promise<Violation[]> {
    const { report, violations } = await this.check(stored);
    for (const who of this.load.state?.calm ? [] : (this.load.state?.restless ?? []))
      violations.push({ kind: 'process', who, says: 'is not at rest long after the last fault' });
    violations.unshift(...this.of.wrong);
    if (violations.length > 0)
      await writeFile(this.file('standing.jsonl'), jsonLines(await stored.standing(this.options)));
    this.journalOfFaults.flush();
    for (const violation of violations.slice(0, MOST_SHOWN)) await this.show(violation);
    if (violations.length === 0 && !this.options.keep)
      await rm(this.around.folder, { recursive: true, force: true });
    else console.log(`The journals and logs are in ${this.around.folder}.`);
    console.log(`${await this.sentence(report, stored, settled)}: ${violations.length} violations.`);
    return violations;
  }

  /** What was done and what came of it, in one sentence without its end. */
  private async sentence(report: Report, stored: Stored, settled: number): Promise<string> {
    const acknowledged = report.customers.reduce((sum, customer) => sum + customer.acknowledged, 0);
    const sides = [...report.agents.values()].flat().length;
    const faults = [...this.tally].map(([kind, times]) => `${times} × ${kind}`);
    return (
      `Seed ${this.options.seed}: ${acknowledged} messages acknowledged of ${report.customers.length} customers, ` +
      `${report.replyCount} replies, ${await stored.entryCount()} entries stored, ` +
      `${sides} conversations on agents' screens, ${faults.join(', ')}, ` +
      `right ${(settled / 1000).toFixed(0)} s after the last fault`
    );
  }

  private async show(violation: Violation): Promise<void> {
    console.log(
      `\nVIOLATION (${violation.kind}, seed ${this.options.seed}) ${violation.who}: ${violation.says}`,
    );
    const journals = [this.file('load.journal'), this.file('faults.journal')];
    for (const line of await historyAround(violation, journals)) console.log(`    ${line}`);
  }

  private file(name: string): string {
    return join(this.around.folder, name);
  }
}

const jsonLines = (rows: object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
