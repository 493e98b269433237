import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Clock } from '@yixian/contracts';

/** Characters that are collected before they are written. */
const CHUNK = 64 * 1024;

/** What happened, a line each: milliseconds since the start, who, what. Kept in a file, so that memory stays bounded. */
export class Journal {
  private readonly file: number;
  private waiting = '';

  constructor(
    path: string,
    private readonly clock: Clock,
    /** The wall's time at the start, so that journals of two processes can be laid side by side. */
    private readonly startedAt: number,
  ) {
    this.file = openSync(path, 'a');
  }

  note(who: string, what: string): void {
    this.waiting += `${this.clock.now() - this.startedAt} ${who} ${what}\n`;
    if (this.waiting.length > CHUNK) this.flush();
  }

  flush(): void {
    if (this.waiting) writeSync(this.file, this.waiting);
    this.waiting = '';
  }

  close(): void {
    this.flush();
    closeSync(this.file);
  }
}

export interface Note {
  at: number;
  who: string;
  what: string;
}

/** Calls `take` with every line of a journal. */
export async function readJournal(path: string, take: (note: Note) => void): Promise<void> {
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const [, at, who, what] = /^(\d+) (\S+) (.*)$/.exec(line) ?? [];
    if (at && who && what) take({ at: Number(at), who, what });
  }
}
