import { systemClock } from '@yixian/contracts';
import { createRequire } from 'node:module';

interface RequestQueue {
  pending: unknown[];
  throttledUntil: number;
}

const require = createRequire(import.meta.url);
let stopped = false;

/**
 * kafkajs 2.2.4 arms a timer of -1 ms over and over for each connection, although nothing waits to be sent: 4 to 5 %
 * of a core in an idle process (tulios/kafkajs#1751). It only needs the timer while requests wait or the broker
 * throttles.
 */
export function stopIdleTimers(): void {
  if (stopped) return;
  stopped = true;
  const { prototype } = require('kafkajs/src/network/requestQueue') as {
    prototype: RequestQueue & { scheduleCheckPendingRequests(): void };
  };
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length > 0 || this.throttledUntil > systemClock.now()) schedule.call(this);
  };
}
