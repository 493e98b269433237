import { readdir, readFile } from 'node:fs/promises';
import type { TestServer } from '@yixian/database/testing';

/** Signals the server and every process of it: the first alone would leave the connections served. */
export async function signalServer(server: TestServer, signal: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
  const all = [server.pid, ...(await childrenOf(server.pid))];
  for (const pid of all) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended meanwhile.
    }
  }
}

async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter(Boolean);
  const stats = pids.map(async (pid) => {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    return Number(/^\d+ \(.*\) \w (\d+)/s.exec(stat)?.[1]) === parent ? [pid] : [];
  });
  return (await Promise.all(stats)).flat();
}
