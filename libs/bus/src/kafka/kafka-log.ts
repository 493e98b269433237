import type { LogEntry, logCreator } from 'kafkajs';
import type { Logger } from 'pino';

/** kafkajs' numbers for levels: ERROR 1, WARN 2, INFO 4, DEBUG 5. */
const WARN = 2;

/** Warnings that pass by themselves: groups that rebalance, answers that came after they were given up. */
const EVERY_DAY = [/rebalanc/i, /^Response without match/];

/**
 * Sends kafkajs' logs to ours. What it calls an error (connections that break, requests that time out, leaders and
 * coordinators that move, its own restarts) reaches the bus as a rejection too, and the bus says what it does about
 * it: here it is detail.
 */
export const kafkaLogCreator =
  (log: Logger): logCreator =>
  () =>
  ({ level, namespace, log: { message, ...rest } }: LogEntry) => {
    const loud = level === WARN && !EVERY_DAY.some((pattern) => pattern.test(message));
    log[loud ? 'warn' : 'debug']({ kafkajs: namespace, ...detailOf(rest) }, message);
  };

/** What our own log adds by itself, and the stacks of errors that pass, are left out. */
const LEFT_OUT = new Set(['timestamp', 'logger', 'stack']);

const detailOf = (detail: object): object =>
  Object.fromEntries(Object.entries(detail).filter(([name]) => !LEFT_OUT.has(name)));
