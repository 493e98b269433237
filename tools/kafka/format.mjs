import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KAFKA_VERSION, CACHE, cacheFolder } from './cache.mjs';
import { run } from './command.mjs';

const METADATA = '__cluster_metadata-0';

/** A Kafka uuid: 16 random bytes in base64url. It must not begin with a dash. */
export const kafkaUuid = () => randomBytes(16).toString('base64url').replace(/^-/, 'a');

/**
 * Makes an empty data folder for a node. Kafka's own tool takes over a second per node, so it runs once: what it
 * writes beside the ids (the feature levels) is the same for every node of a version and is copied.
 */
export async function formatStorage({ java, jars, folder, nodeId, clusterId }) {
  const template = await formattedTemplate(java, jars);
  mkdirSync(join(folder, METADATA), { recursive: true });
  for (const file of readdirSync(template)) copyFileSync(join(template, file), join(folder, METADATA, file));
  writeFileSync(
    join(folder, 'meta.properties'),
    `version=1\ncluster.id=${clusterId}\nnode.id=${nodeId}\ndirectory.id=${kafkaUuid()}\n`,
  );
}

async function formattedTemplate(java, jars) {
  const template = join(CACHE, KAFKA_VERSION, 'formatted');
  if (existsSync(template)) return template;
  const work = `${cacheFolder(KAFKA_VERSION)}/formatting-${process.pid}`;
  mkdirSync(work);
  try {
    const properties = join(work, 'server.properties');
    writeFileSync(properties, templateProperties(join(work, 'data')));
    const tool = [
      '-cp',
      join(jars, '*'),
      'kafka.tools.StorageTool',
      'format',
      '-t',
      kafkaUuid(),
      '-c',
      properties,
    ];
    await run(java, tool);
    moveUnlessThere(join(work, 'data', METADATA), template);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return template;
}

/** Another process may have been faster; what it made is the same. */
function moveUnlessThere(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}

const templateProperties = (folder) => `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:9093
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093
log.dirs=${folder}
`;
