import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** One of three waits for a second before it serves, on a busy machine long: only a broker that hangs takes this. */
const READY_MS = 180_000;
const STOP_MS = 20_000;
/** Small heap, quick to start: C1 alone compiles sooner, one core collects. */
const JAVA_FLAGS = ['-Xms192m', '-Xmx384m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

/** One broker as a child process of this machine. */
export class LocalBroker {
  /** @param {{ id: number, port: number, folder: string, java: string, jars: string, pid?: number }} state */
  constructor(state) {
    Object.assign(this, state);
  }

  /** Starts the process; {@link ready} says when it serves. */
  start() {
    mkdirSync(this.folder, { recursive: true });
    const log = openSync(this.logFile, 'a');
    const flags = [
      ...JAVA_FLAGS,
      `-Dlog4j2.configurationFile=${join(import.meta.dirname, 'log4j2.properties')}`,
    ];
    this.logStart = statSync(this.logFile).size;
    const child = spawn(
      this.java,
      [...flags, '-cp', join(this.jars, '*'), 'kafka.Kafka', 'server.properties'],
      {
        cwd: this.folder,
        detached: true,
        stdio: ['ignore', log, log],
      },
    );
    closeSync(log);
    child.unref();
    this.pid = child.pid;
    writeFileSync(join(this.folder, 'pid'), `${child.pid}\n`);
  }

  /** Resolves once the broker says that it has started, in this life of it. */
  async ready() {
    const deadline = Date.now() + READY_MS;
    while (!this.hasStarted()) {
      if (!this.alive()) throw new Error(`Broker ${this.id} ended at once:\n${this.logEnd()}`);
      if (Date.now() > deadline)
        throw new Error(`Broker ${this.id} is not ready after ${READY_MS / 1000} s:\n${this.logEnd()}`);
      await pause(50);
    }
  }

  /** At once, as a power cut would. */
  async kill() {
    this.signal('SIGKILL');
    while (this.alive()) await pause(20);
  }

  /** In order: hands its partitions over, then ends. */
  async stop() {
    this.signal('SIGTERM');
    const deadline = Date.now() + STOP_MS;
    while (this.alive()) {
      if (Date.now() > deadline) return this.kill();
      await pause(50);
    }
  }

  /** Takes all its time away: sockets stay open and nothing answers. */
  freeze() {
    this.signal('SIGSTOP');
  }

  thaw() {
    this.signal('SIGCONT');
  }

  alive() {
    try {
      process.kill(this.pid, 0);
    } catch {
      return false;
    }
    return !isZombie(this.pid);
  }

  get logFile() {
    return join(this.folder, 'broker.log');
  }

  hasStarted() {
    return this.log().subarray(this.logStart).includes('Kafka Server started');
  }

  logEnd() {
    return this.log().subarray(-2000).toString('utf8');
  }

  log() {
    return existsSync(this.logFile) ? readFileSync(this.logFile) : Buffer.alloc(0);
  }

  signal(name) {
    try {
      process.kill(this.pid, name);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error; // It is gone already.
    }
  }
}

/**
 * A process that ended but was not yet collected by its parent still takes signals. Its sockets close with the last
 * of its threads.
 */
function isZombie(pid) {
  try {
    return (
      /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')) && readdirSync(`/proc/${pid}/task`).length === 1
    );
  } catch {
    return false; // Collected meanwhile, or no Linux.
  }
}
