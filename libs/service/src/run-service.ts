import { constants } from 'node:os';
import { MessageChannel } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { App } from './app.ts';
import { openLog } from './log/logger.ts';
import { PortTaken } from './http/listen.ts';
import { migrateApps } from './migrate-apps.ts';
import { ServiceSettings } from './settings/service-settings.ts';
import { processEnvironment, SettingsError } from './settings/settings.ts';
import type { Environment } from './settings/settings.ts';
import type { RunningApps } from './start-apps.ts';
import { startApps } from './start-apps.ts';

/** sysexits.h: what the operator configured is wrong. */
const EX_CONFIG = 78;

export interface RunOptions {
  /** Of the process, when it runs several apps. */
  name?: string;
  /** Called once all listens, such as to tell the person at the terminal where to look. */
  onListening?: (running: RunningApps) => void | Promise<void>;
}

/**
 * The whole life of a process: starts the apps, stops them in order on SIGTERM or SIGINT and exits with 0. Settings
 * that are wrong end it with 78, anything that nobody caught with 1, a second SIGINT at once.
 * With the argument `migrate` it brings the schema up to date and exits.
 */
export async function runService(apps: App[], options: RunOptions = {}): Promise<void> {
  const name = options.name ?? (apps.length === 1 ? apps[0]!.name : 'yixian');
  const log = openLog({ name, level: levelOf(processEnvironment()) });
  const ending = new Ending(log);
  try {
    if (process.argv[2] === 'migrate') {
      await migrateApps(apps, { env: processEnvironment(), log });
      return ending.exit(0);
    }
    const env = processEnvironment();
    const running = await startApps(apps, { env, name, log, onCrash: (error) => ending.crash(error) });
    ending.stopOnSignal(running);
    await welcome(running, options);
  } catch (error) {
    ending.failedToStart(error);
  }
}

/** The log is needed to say what is wrong with the settings, its own level among them. */
function levelOf(environment: Environment): string {
  const level = ServiceSettings.shape.LOG_LEVEL.safeParse(environment.LOG_LEVEL || undefined);
  return level.success ? level.data : 'info';
}

async function welcome(running: RunningApps, { onListening }: RunOptions): Promise<void> {
  try {
    await onListening?.(running);
  } catch (error) {
    await running.stop();
    throw error;
  }
}

/** Decides how the process ends. */
class Ending {
  private running: RunningApps | undefined;
  private asked = 0;

  /** Timers of the clock do not keep the process alive while it starts; this does, until it exits. */
  private readonly awake = new MessageChannel().port1;

  constructor(private readonly log: Logger) {
    this.awake.ref();
    process.on('uncaughtException', (error) => this.crash(error));
    process.on('unhandledRejection', (reason) => this.crash(reason));
    process.on('SIGTERM', () => void this.stop('SIGTERM'));
    process.on('SIGINT', () => void this.stop('SIGINT'));
  }

  stopOnSignal(running: RunningApps): void {
    this.running = running;
  }

  /** Nobody expected this: what is in memory cannot be trusted. Everything durable is in the database. */
  crash(error: unknown): void {
    this.log.fatal({ err: error }, 'This process cannot go on.');
    this.exit(1);
  }

  failedToStart(error: unknown): void {
    const { code, retryable } = error as { code?: string; retryable?: boolean };
    if (
      error instanceof SettingsError ||
      error instanceof PortTaken ||
      (code !== undefined && retryable !== undefined)
    ) {
      this.log.fatal((error as Error).message);
    } else {
      this.log.fatal({ err: error }, 'The service could not start.');
    }
    this.exit(error instanceof SettingsError ? EX_CONFIG : 1);
  }

  exit(code: number): void {
    this.awake.close();
    process.exit(code);
  }

  private async stop(signal: 'SIGTERM' | 'SIGINT'): Promise<void> {
    this.asked += 1;
    if (this.asked > 1 && signal === 'SIGINT') return this.exit(128 + constants.signals.SIGINT);
    // While it starts nothing was promised to anybody; the embedded server stops by itself.
    if (!this.running) return this.exit(0);
    if (this.asked > 1) return;
    this.log.info({ signal }, 'Stopping.');
    this.exit((await this.running.stop()) ? 0 : 1);
  }
}
