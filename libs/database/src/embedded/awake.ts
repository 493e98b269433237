import { MessageChannel } from 'node:worker_threads';

/** Timers of the clock do not keep the process alive. While `work` waits by one, this does. */
export async function awake<T>(work: () => Promise<T>): Promise<T> {
  const port = new MessageChannel().port1;
  port.ref();
  try {
    return await work();
  } finally {
    port.close();
  }
}
