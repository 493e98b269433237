// Stops brokers whose starter is gone. Its standard input is a pipe from the starter, which closes when the starter
// ends, however that happens. Lines: `+<pid>` a broker was started, `-<pid>` it ended. Argument: the data to delete.
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

const folder = process.argv[2];
const brokers = new Set();

createInterface({ input: process.stdin })
  .on('line', (line) =>
    line.startsWith('+') ? brokers.add(Number(line.slice(1))) : brokers.delete(Number(line.slice(1))),
  )
  .on('close', () => {
    for (const pid of brokers) kill(pid);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended before its starter did.
  }
}
