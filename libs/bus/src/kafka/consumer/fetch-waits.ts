import { createRequire } from 'node:module';

interface Partitions {
  partitions: number[];
}

interface Connection {
  connectionStatus: string;
  socket: { destroy(): void };
  requestQueue: { inflight: Map<number, unknown>; destroy(): void };
  rejectRequests(error: Error): void;
}

interface Cluster {
  brokerPool: { brokers: Record<string, { connectionPool: { pool: Connection[] } }> };
}

/** The part of kafkajs' own class that is touched here. */
interface ConsumerGroup {
  cluster: Cluster;
  /** Of a fetch, in ms: as the consumer was made. */
  maxWaitTime: number;
  subscriptionState: { active(): Partitions[]; paused(): Partitions[] };
  getNodeIds(): string[];
  filterPartitionsByNode(nodeId: string, of: Partitions[]): Partitions[];
  fetch(nodeId: string): Promise<unknown[]>;
  recoverFromFetch(error: unknown): Promise<void>;
  heartbeat(options: { interval: number }): Promise<void>;
}

/** A partition that rests is asked for again only after the fetch that runs beside it. */
const BESIDE_A_RESTING_ONE_MS = 250;
/** While all rest kafkajs asks no broker, and looks this often whether one is to go on. */
const WHILE_ALL_REST_MS = 50;
/** Of a broker that leads nothing of ours kafkajs asks nothing, and looks this often whether that is still so. */
const WITHOUT_PARTITIONS_MS = 1_000;
/** kafkajs keeps a connection to each broker for fetches alone. */
const FETCHES = 1;
/** The length of an answer, with which each begins. */
const LENGTH_BYTES = 4;

/** A fetch that ends as if nothing had come. */
class CutShort extends Error {}

const require = createRequire(import.meta.url);
let watching = false;

/**
 * Lets the fetches of consumers wait at the brokers for seconds, so that an idle process asks seldom. What is new is
 * answered at once, however long the wait; what else must not wait for it does not: a partition that is paused, since it
 * must go on soon after it is resumed, and the end of all fetches, with which kafkajs begins to rejoin or to recover.
 */
export function watchFetches(): void {
  if (watching) return;
  watching = true;
  const { prototype } = require('kafkajs/src/consumer/consumerGroup') as { prototype: ConsumerGroup };
  const { fetch, recoverFromFetch, heartbeat } = prototype;
  prototype.fetch = async function (nodeId) {
    const brokers = this.getNodeIds().join();
    try {
      return await fetch.call(waiting(this, waitOf(this, nodeId)), nodeId);
    } catch (error) {
      cutSoon(this.cluster);
      throw error;
    } finally {
      if (this.getNodeIds().join() !== brokers) cutSoon(this.cluster);
    }
  };
  prototype.recoverFromFetch = async function (error) {
    if (!(error instanceof CutShort)) await recoverFromFetch.call(this, error);
  };
  prototype.heartbeat = async function (options) {
    try {
      await heartbeat.call(this, options);
    } catch (error) {
      cutSoon(this.cluster);
      throw error;
    }
  };
}

/** Ends the fetches of a consumer that wait for something new. Begun again, they ask for what is wanted by then. */
export function cutFetchesShort(cluster: object): void {
  for (const { connectionPool } of Object.values((cluster as Cluster).brokerPool.brokers))
    cutShort(connectionPool.pool[FETCHES]!);
}

/** How long the next fetch of the group may wait at a broker, in ms. */
export function waitOf(
  group: Pick<ConsumerGroup, 'subscriptionState' | 'maxWaitTime' | 'filterPartitionsByNode'>,
  nodeId: string,
): number {
  const { subscriptionState, maxWaitTime } = group;
  const active = subscriptionState.active();
  if (subscriptionState.paused().length > 0)
    return Math.min(maxWaitTime, areNone(active) ? WHILE_ALL_REST_MS : BESIDE_A_RESTING_ONE_MS);
  return isAsked(group, nodeId, active) ? maxWaitTime : Math.min(maxWaitTime, WITHOUT_PARTITIONS_MS);
}

const areNone = (of: Partitions[]): boolean => of.every(({ partitions }) => partitions.length === 0);

function isAsked(
  group: Pick<ConsumerGroup, 'filterPartitionsByNode'>,
  nodeId: string,
  active: Partitions[],
): boolean {
  try {
    return !areNone(group.filterPartitionsByNode(nodeId, active));
  } catch {
    // It is not known who leads: the fetch finds the same, and asks.
    return false;
  }
}

/** The group as one fetch sees it: those of several brokers run side by side, and each reads its wait on the way. */
function waiting(group: ConsumerGroup, ms: number): ConsumerGroup {
  return new Proxy(group, {
    get: (target, name) => (name === 'maxWaitTime' ? ms : (Reflect.get(target, name) as unknown)),
  });
}

/** After kafkajs has told the other fetches to end: those that wait hear of it by this. */
function cutSoon(cluster: object): void {
  setImmediate(() => cutFetchesShort(cluster));
}

/** The connection goes, too: a broker answers what comes by it in order, and the next fetch would wait behind this. */
function cutShort(connection: Connection): void {
  if (connection.requestQueue.inflight.size === 0) return;
  connection.socket.destroy();
  connection.requestQueue.destroy();
  Object.assign(connection, {
    connectionStatus: 'disconnected',
    chunks: [],
    bytesBuffered: 0,
    bytesNeeded: LENGTH_BYTES,
  });
  connection.rejectRequests(new CutShort('Nothing new is waited for any more.'));
}
