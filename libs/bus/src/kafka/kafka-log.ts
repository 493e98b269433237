import type { LogEntry, logCreator } from 'kafkajs';
import type { Logger } from 'pino';

/** kafkajs' numbers for levels: ERROR 1, WARN 2, INFO 4, DEBUG 5. */
const INFO = 4;

/**
 * What kafkajs logs as an error although it heals by itself or is handled by us: connections that break, requests that
 * time out, leaders and coordinators that move, groups that rebalance, restarts. Each is a WARN at most.
 */
const EVERY_DAY = [/^The group coordinator is not available/, /^Response without match/, /rebalanc/i];

/**
 * Sends kafkajs' logs to ours. Nothing it says is an ERROR: whether somebody must act is decided by the bus, which
 * retries, spools or stops.
 */
export const kafkaLogCreator =
  (log: Logger): logCreator =>
  () =>
  ({ level, namespace, log: { message, ...rest } }: LogEntry) => {
    const quiet = level >= INFO || EVERY_DAY.some((pattern) => pattern.test(message));
    log[quiet ? 'debug' : 'warn']({ kafkajs: namespace, ...detailOf(rest) }, message);
  };

/** What our own log adds by itself, and the stacks of errors that pass, are left out. */
const LEFT_OUT = new Set(['timestamp', 'logger', 'stack']);

const detailOf = (detail: object): object =>
  Object.fromEntries(Object.entries(detail).filter(([name]) => !LEFT_OUT.has(name)));
