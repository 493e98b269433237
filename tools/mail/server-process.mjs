import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';

const PATIENCE_MS = 20_000;

/** A mail server as a child of this process, in a process group of its own. */
export class ServerProcess {
  #child;
  #output = '';

  constructor(command, args) {
    this.command = command;
    this.args = args;
  }

  get pid() {
    return this.#child?.pid;
  }

  /** Resolves once every port takes connections. Rejects with what it printed when it ends before. */
  async start(ports) {
    const child = spawn(this.command, this.args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => (this.#output = (this.#output + chunk).slice(-4000)));
    }
    const ended = once(child, 'exit').then(() => {
      throw new Error(`${this.command} ended: ${this.#output}`);
    });
    ended.catch(() => undefined);
    await Promise.race([ended, Promise.all(ports.map((port) => listens(port)))]);
  }

  async stop() {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => killGroup(child.pid), 5_000);
    await ended;
    clearTimeout(timer);
    killGroup(child.pid);
  }
}

function killGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody of it is left.
  }
}

/** Resolves once somebody listens on a port of this machine. */
async function listens(port) {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    if (await canConnect(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Nobody listens on port ${port}.`);
}

function canConnect(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}
