import type { Cancel, Clock } from '@yixian/contracts';
import type { Bot, BuildBot } from './bot.ts';

/** How it stands with the login. */
export type LoginState =
  | { state: 'starting' }
  | { state: 'scan'; qrCode: string }
  | { state: 'online'; userName: string }
  | { state: 'down'; why: string };

export interface SupervisorTuning {
  /** Before a new bot is built, at first and at most, in ms. */
  pauseMs: number;
  longestPauseMs: number;
  /** A bot that has started and neither is logged in nor asks for it, is of no use, in ms. */
  loginMs: number;
  /** A sign of life is asked for this often; without one for twice as long, the bot counts as dead, in ms. */
  signMs: number;
}

export const supervision: SupervisorTuning = {
  pauseMs: 500,
  longestPauseMs: 2_000,
  loginMs: 3_000,
  signMs: 30_000,
};

interface Means {
  build: BuildBot;
  clock: Clock;
  tuning?: Partial<SupervisorTuning>;
  onMessage(bot: Bot, id: string): void;
  onState(state: LoginState): void;
}

/**
 * Keeps a bot alive by building a new one whenever the old one failed, was logged out, or fell silent: what puppets do
 * to come back by themselves cannot be relied on. Only the newest bot is listened to.
 */
export class Supervisor {
  private readonly tuning: SupervisorTuning;
  private generation = 0;
  private bot: Bot | undefined;
  private failures = 0;
  private stopped = false;
  private last: LoginState = { state: 'starting' };
  private cancels: Cancel[] = [];

  constructor(private readonly means: Means) {
    this.tuning = { ...supervision, ...means.tuning };
  }

  get state(): LoginState {
    return this.last;
  }

  /** The bot, if it can be used now. */
  get online(): Bot | undefined {
    return this.last.state === 'online' ? this.bot : undefined;
  }

  start(): void {
    void this.build();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.letGo();
  }

  private async build(): Promise<void> {
    const generation = ++this.generation;
    const isCurrent = () => generation === this.generation && !this.stopped;
    let aliveAt = this.means.clock.monotonic();
    const fail = (why: string) => {
      if (isCurrent()) void this.again(why);
    };
    this.tell({ state: 'starting' });
    try {
      const bot = await this.means.build({
        scan: (qrCode) => isCurrent() && this.tell({ state: 'scan', qrCode }),
        online: (userName) => {
          if (!isCurrent()) return;
          this.failures = 0;
          this.tell({ state: 'online', userName });
        },
        message: (id) => isCurrent() && this.bot && this.means.onMessage(this.bot, id),
        alive: () => (aliveAt = this.means.clock.monotonic()),
        down: fail,
      });
      if (!isCurrent()) return;
      this.bot = bot;
      await bot.start();
      if (!isCurrent()) return void quietly(bot.stop());
      this.after(this.tuning.loginMs, () => {
        if (isCurrent() && this.last.state === 'starting') fail('It neither logged in nor asked to.');
      });
      this.watch(bot, isCurrent, () => this.means.clock.monotonic() - aliveAt, fail);
    } catch (error) {
      fail(error instanceof Error ? error.message : String(error));
    }
  }

  private watch(
    bot: Bot,
    isCurrent: () => boolean,
    silentFor: () => number,
    fail: (why: string) => void,
  ): void {
    this.after(this.tuning.signMs, () => {
      if (!isCurrent()) return;
      if (silentFor() > 2 * this.tuning.signMs) return fail('It fell silent.');
      bot.ding();
      this.watch(bot, isCurrent, silentFor, fail);
    });
  }

  private async again(why: string): Promise<void> {
    this.generation += 1;
    this.tell({ state: 'down', why });
    const pause = Math.min(this.tuning.pauseMs * 2 ** this.failures, this.tuning.longestPauseMs);
    this.failures += 1;
    await this.letGo();
    if (!this.stopped) this.after(pause, () => void this.build());
  }

  /** Does not wait for a bot that cannot end. */
  private async letGo(): Promise<void> {
    for (const cancel of this.cancels.splice(0)) cancel();
    const { bot } = this;
    this.bot = undefined;
    if (!bot) return;
    const ended = quietly(bot.stop());
    await Promise.race([ended, new Promise<void>((resolve) => this.means.clock.after(1_000, resolve))]);
  }

  private after(ms: number, work: () => void): void {
    this.cancels.push(this.means.clock.after(ms, work));
  }

  private tell(state: LoginState): void {
    this.last = state;
    this.means.onState(state);
  }
}

/** A bot that is thrown away may fail once more. */
const quietly = (work: Promise<void>): Promise<void> => work.catch(() => undefined);
