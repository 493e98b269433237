#!/usr/bin/env node
// A real Apache Kafka for development and tests; see `usage`.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './cache.mjs';
import { fetchKafka, reopenKafka, startKafka } from './cluster.mjs';

const usage = `node tools/kafka/kafka.mjs COMMAND
  fetch        get what is needed to start (Java where it can, 43 MB of jars)
  up [1|3]     start one broker or three, until "down"; prints KAFKA_BROKERS=...
  kill N       end broker N as a power cut would
  stop N       end broker N in order
  start N      start broker N again
  freeze N     take all its time away (its sockets stay open)
  thaw N       give it back
  status       what runs
  down         end all brokers and delete their data
With KAFKA_BROKERS set, "up" uses those brokers and faults are refused.`;

const stateFile = join(cacheFolder(), 'running.json');

const commands = {
  fetch: async () => console.log(await fetchKafka()),
  up,
  status: async () => console.table(await (await running()).status()),
  down,
};
for (const fault of ['kill', 'stop', 'start', 'freeze', 'thaw']) {
  commands[fault] = async (id) => (await running())[fault](id);
}

async function up(count = '1') {
  if (!['1', '3'].includes(count)) throw new Error('Give the number of brokers: 1 or 3.');
  if (existsSync(stateFile)) throw new Error('Brokers are running already: see "status", or "down" first.');
  const cluster = await startKafka({ brokers: Number(count), keep: true });
  if (cluster.toJSON) writeFileSync(stateFile, JSON.stringify(cluster));
  console.log(`KAFKA_BROKERS=${cluster.brokers.join(',')}`);
}

async function down() {
  if (!existsSync(stateFile)) return;
  await (await running()).down();
  rmSync(stateFile);
}

async function running() {
  if (process.env.KAFKA_BROKERS) return startKafka();
  if (!existsSync(stateFile)) throw new Error('No brokers are running: "up" starts them.');
  return reopenKafka(JSON.parse(readFileSync(stateFile, 'utf8')));
}

const [name, ...rest] = process.argv.slice(2);
const command = commands[name];
if (!command) {
  console.error(usage);
  process.exitCode = 64;
} else {
  try {
    await command(...rest);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
