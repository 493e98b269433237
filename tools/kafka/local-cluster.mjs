import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brokerProperties } from './broker-properties.mjs';
import { formatStorage, kafkaUuid } from './format.mjs';
import { freePorts } from './free-ports.mjs';
import { LocalBroker } from './local-broker.mjs';

/** Brokers that are child processes of this machine, on free ports, with their data in a temporary folder. */
export class LocalCluster {
  /** @param {{ folder: string, members: LocalBroker[] }} parts */
  constructor({ folder, members }) {
    this.folder = folder;
    this.members = members;
    this.brokers = members.map((broker) => `127.0.0.1:${broker.port}`);
  }

  /** Formats and starts. Unless `keep`, the brokers end with this process, whatever ends it. */
  static async start({ java, jars, brokers: count, sessionTimeoutMs, keep }) {
    const folder = mkdtempSync(join(tmpdir(), 'kafka-'));
    const ports = await freePorts(2 * count);
    const plan = Array.from({ length: count }, (_, i) => ({
      id: i + 1,
      port: ports[2 * i],
      controllerPort: ports[2 * i + 1],
    }));
    const clusterId = kafkaUuid();
    const members = [];
    for (const { id, port } of plan) {
      const broker = new LocalBroker({ id, port, folder: join(folder, `${id}`), java, jars });
      const data = join(broker.folder, 'data');
      await formatStorage({ java, jars, folder: data, nodeId: id, clusterId });
      const properties = brokerProperties({ id, brokers: plan, folder: data, sessionTimeoutMs });
      writeFileSync(join(broker.folder, 'server.properties'), properties);
      members.push(broker);
    }
    const cluster = new LocalCluster({ folder, members });
    if (!keep) cluster.watch();
    try {
      for (const broker of members) cluster.run(broker);
      await Promise.all(members.map((broker) => broker.ready()));
    } catch (error) {
      await cluster.down();
      throw error;
    }
    return cluster;
  }

  /** The cluster that another process started with `keep`, from what {@link toJSON} gave. */
  static fromJSON({ folder, members }) {
    const now = members.map((m) => ({ ...m, pid: Number(readFileSync(join(m.folder, 'pid'), 'utf8')) }));
    return new LocalCluster({ folder, members: now.map((state) => new LocalBroker(state)) });
  }

  toJSON() {
    return { kind: 'local', folder: this.folder, members: this.members.map((broker) => ({ ...broker })) };
  }

  async kill(id) {
    await this.member(id).kill();
  }

  async stop(id) {
    await this.member(id).stop();
  }

  async start(id) {
    this.run(this.member(id));
    await this.member(id).ready();
  }

  async freeze(id) {
    this.member(id).freeze();
  }

  async thaw(id) {
    this.member(id).thaw();
  }

  async status() {
    return this.members.map((b) => ({ id: b.id, broker: `127.0.0.1:${b.port}`, pid: b.pid, up: b.alive() }));
  }

  /** Kills all brokers and deletes their data. */
  async down() {
    await Promise.all(this.members.map((broker) => broker.pid && broker.kill()));
    if (this.watchdog) this.watchdog.stdin.end();
    else rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  run(broker) {
    if (broker.pid) this.watchdog?.stdin.write(`-${broker.pid}\n`);
    broker.start();
    this.watchdog?.stdin.write(`+${broker.pid}\n`);
  }

  member(id) {
    const broker = this.members.find((member) => member.id === Number(id));
    if (!broker) throw new Error(`There is no broker ${id}; there are ${this.members.length}.`);
    return broker;
  }

  watch() {
    const script = join(import.meta.dirname, 'watchdog.mjs');
    this.watchdog = spawn(process.execPath, [script, this.folder], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.watchdog.unref();
    this.watchdog.stdin.unref();
  }
}
