import { type Cancel, systemClock } from '@yixian/contracts';
import { createRequire } from 'node:module';

interface Request {
  sentAt: number;
  requestTimeout: number;
  timeoutRequest(): void;
}

/** The part of kafkajs' own class, one for each connection, that is touched here. */
interface RequestQueue {
  pending: unknown[];
  inflight: Map<number, Request>;
  throttledUntil: number;
  enforceRequestTimeout: boolean;
  isConnected(): boolean;
  scheduleCheckPendingRequests(): void;
  scheduleRequestTimeoutCheck(): void;
  destroy(): void;
}

/** How late, in ms, a request may be found that has taken too long. Such limits are seconds. */
const LOOK_EVERY_MS = 250;

const require = createRequire(import.meta.url);
let stopped = false;

/**
 * kafkajs 2.2.4 keeps two timers for each connection, of which an idle process has dozens. One is armed for -1 ms over
 * and over although nothing waits to be sent: 4 to 5 % of a core (tulios/kafkajs#1751); it is only needed while
 * requests wait or the broker throttles. The other looks ten times a second for requests that have taken too long: here
 * one timer looks at all of them.
 */
export function stopIdleTimers(): void {
  if (stopped) return;
  stopped = true;
  const { prototype } = require('kafkajs/src/network/requestQueue') as { prototype: RequestQueue };
  const { scheduleCheckPendingRequests, destroy } = prototype;
  const watched = new WatchedQueues();
  prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0 || this.throttledUntil > systemClock.now())
      scheduleCheckPendingRequests.call(this);
  };
  prototype.scheduleRequestTimeoutCheck = function () {
    if (this.enforceRequestTimeout) watched.add(this);
  };
  prototype.destroy = function () {
    watched.delete(this);
    destroy.call(this);
  };
}

/** The connections whose requests are watched, all by one timer. */
class WatchedQueues {
  private readonly queues = new Set<RequestQueue>();
  private cancelLook: Cancel | undefined;

  add(queue: RequestQueue): void {
    this.queues.add(queue);
    this.cancelLook ??= systemClock.after(LOOK_EVERY_MS, () => this.look());
  }

  delete(queue: RequestQueue): void {
    this.queues.delete(queue);
  }

  private look(): void {
    this.cancelLook = undefined;
    for (const queue of this.queues) {
      endOverdue(queue);
      if (queue.isConnected()) this.add(queue);
      else queue.destroy();
    }
  }
}

function endOverdue({ inflight }: RequestQueue): void {
  const now = systemClock.now();
  for (const request of inflight.values())
    if (now - request.sentAt > request.requestTimeout) request.timeoutRequest();
}
