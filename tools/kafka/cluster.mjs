import { DockerCluster, hasDocker } from './docker-cluster.mjs';
import { GivenCluster } from './given-cluster.mjs';
import { fetchJars } from './jars.mjs';
import { findJava } from './java.mjs';
import { LocalCluster } from './local-cluster.mjs';

/** Kafka's own default: how long a silent broker keeps the leadership of its partitions. */
const SESSION_TIMEOUT_MS = 9000;

/**
 * A real Apache Kafka: the brokers of `KAFKA_BROKERS` when that is set; else one or three brokers on the loopback
 * interface, as processes (Java 17, fetched where it can be) or in Docker. Rejects in words when none can be had.
 * The brokers end with this process unless `keep` is given.
 */
export async function startKafka({ brokers = 1, sessionTimeoutMs = SESSION_TIMEOUT_MS, keep = false } = {}) {
  const given = process.env.KAFKA_BROKERS?.split(',').filter(Boolean);
  if (given?.length) return new GivenCluster(given);
  const java = await findJava();
  if (java) return LocalCluster.start({ java, jars: await fetchJars(), brokers, sessionTimeoutMs, keep });
  if (hasDocker()) return DockerCluster.start({ brokers, sessionTimeoutMs, keep });
  throw new Error(NOTHING_TO_RUN);
}

/** Gets everything a start needs, so that the next one works without a network. */
export async function fetchKafka() {
  if (await findJava()) return fetchJars();
  throw new Error(NOTHING_TO_RUN);
}

/** The cluster a process before this one started with `keep`. */
export function reopenKafka(state) {
  return state.kind === 'docker' ? DockerCluster.fromJSON(state) : LocalCluster.fromJSON(state);
}

const NOTHING_TO_RUN = `No Kafka can be run here. One of these is needed:
- Java 17 or newer on the PATH (Debian: apt install openjdk-17-jre-headless; or Python's pip, which can bring one),
- a Docker daemon,
- KAFKA_BROKERS=host:port,… naming brokers that run already.`;
