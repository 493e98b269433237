import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const script = join(import.meta.dirname, 'control-plane.sh');
const run = (args, options) =>
  spawnSync('bash', [script, ...args], { encoding: 'utf8', maxBuffer: 1 << 27, ...options });

/** A real control plane, with nodes that only pretend to run what they are given. See control-plane.sh. */
export class Cluster {
  /** Builds what is missing, says so, and starts. Throws in words. */
  static up() {
    const { status, stderr } = run(['up'], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (status !== 0) throw new Error(`The control plane does not start: ${stderr ?? 'see above'}`);
    return new Cluster();
  }

  down() {
    run(['down']);
  }

  /** What kubectl says, and whether it agrees. */
  ask(args, input) {
    const { status, stdout, stderr } = run(['kubectl', ...args], { input });
    return { ok: status === 0, text: `${stdout}${stderr}`.trim() };
  }

  /** What kubectl prints. Throws when it does not agree. */
  must(args, input) {
    const { ok, text } = this.ask(args, input);
    if (!ok) throw new Error(`kubectl ${args.join(' ')}: ${text.slice(-2000)}`);
    return text;
  }

  /** As a deployment is applied: every field is known, and a warning is a refusal. */
  apply(objects, ...more) {
    return this.ask(
      ['apply', '--server-side', '--validate=strict', '--warnings-as-errors', ...more, '-f', '-'],
      objects,
    );
  }

  /** The fewest replicas that each deployment has available while `work` goes on, by its name. */
  async fewestAvailable(namespace, work) {
    const fewest = new Map();
    const format = '{.metadata.name} {.status.availableReplicas}{"\\n"}';
    const args = ['-n', namespace, 'get', 'deployment', '--watch', '-o', `jsonpath=${format}`];
    // Exec'd by the script: the child is kubectl itself.
    const watch = spawn('bash', [script, 'kubectl', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface(watch.stdout);
    const begun = once(lines, 'line');
    lines.on('line', (line) => {
      const [name, count] = line.split(' ');
      fewest.set(name, Math.min(fewest.get(name) ?? Infinity, Number(count || 0)));
    });
    const ended = once(lines, 'close');
    try {
      await begun;
      await work();
    } finally {
      watch.kill();
      // What was said while `work` had this process to itself is read now.
      await ended;
    }
    return Object.fromEntries(fewest);
  }
}
