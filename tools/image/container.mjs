import { spawn } from 'node:child_process';
import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildah, configOf } from './buildah.mjs';

/** A container's files, ready to run processes on. */
export class Container {
  /** @param {string} data the folder that is its /data */
  constructor(image, data) {
    this.config = configOf(image);
    this.id = buildah(['from', '--pull-never', image]);
    this.root = buildah(['mount', this.id]);
    mkdirSync(data, { recursive: true });
    chownSync(data, 1000, 1000);
    this.data = data;
  }

  /** Starts the image's entrypoint with these arguments; without any, its command. Its process is the child itself. */
  start(args = this.config.Cmd, env = {}) {
    return this.exec([...this.config.Entrypoint, ...args], env);
  }

  /** What the image says shows that it is well. */
  healthcheck(env) {
    const [kind, ...command] = this.config.Healthcheck.Test;
    if (kind !== 'CMD') throw new Error(`A health check by ${kind} needs a shell.`);
    return this.exec(command, env);
  }

  exec(command, env = {}) {
    const all = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const enter = ['--mount', 'sh', join(import.meta.dirname, 'enter.sh'), this.root, this.data];
    const inside = ['env', '-i', ...this.config.Env, ...all, ...command];
    return spawn('unshare', [...enter, ...inside], { stdio: ['ignore', 'pipe', 'pipe'] });
  }

  remove() {
    buildah(['rm', this.id]);
  }
}
