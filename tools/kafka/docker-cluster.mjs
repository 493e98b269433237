import { KAFKA_VERSION } from './cache.mjs';
import { canRun, run } from './command.mjs';
import { freePorts } from './free-ports.mjs';
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { kafkaUuid } from './format.mjs';

const READY_MS = 60_000;

/** Whether a Docker daemon answers here. */
export const hasDocker = () => canRun('docker', 'info');

/** The same cluster in containers of Apache Kafka's own image. Faults are Docker's: kill, pause, stop. */
export class DockerCluster {
  constructor({ network, members }) {
    this.network = network;
    this.members = members;
    this.brokers = members.map(({ port }) => `127.0.0.1:${port}`);
  }

  static async start({ brokers: count, sessionTimeoutMs, keep }) {
    const network = `kafka-${process.pid}-${Date.now().toString(36)}`;
    const ports = await freePorts(count);
    const members = ports.map((port, i) => ({ id: i + 1, port, name: `${network}-${i + 1}` }));
    const cluster = new DockerCluster({ network, members });
    if (!keep) cluster.watch();
    try {
      await run('docker', ['network', 'create', network]);
      const clusterId = kafkaUuid();
      for (const member of members)
        await run('docker', cluster.runArguments(member, clusterId, sessionTimeoutMs));
      await Promise.all(members.map(ready));
    } catch (error) {
      await cluster.down();
      throw error;
    }
    return cluster;
  }

  static fromJSON(state) {
    return new DockerCluster(state);
  }

  toJSON() {
    return { kind: 'docker', network: this.network, members: this.members };
  }

  async kill(id) {
    await run('docker', ['kill', this.member(id).name]);
  }

  async stop(id) {
    await run('docker', ['stop', this.member(id).name]);
  }

  async start(id) {
    await run('docker', ['start', this.member(id).name]);
    await ready(this.member(id));
  }

  async freeze(id) {
    await run('docker', ['pause', this.member(id).name]);
  }

  async thaw(id) {
    await run('docker', ['unpause', this.member(id).name]);
  }

  async status() {
    const running = await run('docker', ['ps', '--format', '{{.Names}}']);
    const up = new Set(running.split('\n'));
    return this.members.map(({ id, port, name }) => ({
      id,
      broker: `127.0.0.1:${port}`,
      name,
      up: up.has(name),
    }));
  }

  async down() {
    await run('docker', ['rm', '-f', '-v', ...this.members.map(({ name }) => name)]).catch(() => undefined);
    await run('docker', ['network', 'rm', this.network]).catch(() => undefined);
    this.watchdog?.stdin.end();
  }

  member(id) {
    const member = this.members.find((one) => one.id === Number(id));
    if (!member) throw new Error(`There is no broker ${id}; there are ${this.members.length}.`);
    return member;
  }

  runArguments({ id, port, name }, clusterId, sessionTimeoutMs) {
    const replicas = this.members.length;
    const inSync = replicas > 1 ? 2 : 1;
    const environment = {
      CLUSTER_ID: clusterId,
      KAFKA_NODE_ID: id,
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_CONTROLLER_QUORUM_VOTERS: this.members.map((m) => `${m.id}@${m.name}:9093`).join(','),
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_INTER_BROKER_LISTENER_NAME: 'INSIDE',
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CONTROLLER:PLAINTEXT,INSIDE:PLAINTEXT,OUTSIDE:PLAINTEXT',
      KAFKA_LISTENERS: 'CONTROLLER://:9093,INSIDE://:9094,OUTSIDE://:9092',
      KAFKA_ADVERTISED_LISTENERS: `INSIDE://${name}:9094,OUTSIDE://127.0.0.1:${port}`,
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      KAFKA_DEFAULT_REPLICATION_FACTOR: replicas,
      KAFKA_MIN_INSYNC_REPLICAS: inSync,
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: replicas,
      KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: 4,
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: replicas,
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: inSync,
      KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: replicas,
      KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR: inSync,
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: 0,
      KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: 1000,
      KAFKA_BROKER_SESSION_TIMEOUT_MS: sessionTimeoutMs,
      KAFKA_LEADER_IMBALANCE_CHECK_INTERVAL_SECONDS: 5,
      KAFKA_LEADER_IMBALANCE_PER_BROKER_PERCENTAGE: 1,
    };
    const variables = Object.entries(environment).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
    const place = ['--name', name, '--network', this.network, '-p', `127.0.0.1:${port}:9092`];
    return ['run', '-d', ...place, ...variables, `apache/kafka:${KAFKA_VERSION}`];
  }

  watch() {
    const script = join(import.meta.dirname, 'docker-watchdog.mjs');
    const names = this.members.map(({ name }) => name);
    this.watchdog = spawn(process.execPath, [script, this.network, ...names], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.watchdog.unref();
    this.watchdog.stdin.unref();
  }
}

/** A container's port is open before the broker serves; the log says when it does. */
async function ready({ id, port, name }) {
  const deadline = Date.now() + READY_MS;
  while (!(await serves(port, name))) {
    if (Date.now() > deadline) throw new Error(`Broker ${id} is not ready after 60 s: docker logs ${name}`);
    await pause(200);
  }
}

async function serves(port, name) {
  const log = await run('docker', ['logs', '--tail', '200', name]).catch(() => '');
  return log.includes('Kafka Server started') && (await accepts(port));
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => socket.destroy() && resolve(true));
    socket.once('error', () => resolve(false));
  });
}
