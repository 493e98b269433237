import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type pg from 'pg';

/** What of pg's connection COPY needs. */
interface CopyConnection {
  stream: Writable;
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}

/** Sends lines in the text format of COPY. Resolves when the server has stored them. */
export function copyIn(client: pg.Client, statement: string, lines: Iterable<string>): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(new CopyIn(statement, lines, resolve, reject));
  });
}

/** Lines that go to the server in one piece. */
const LINES = 500;

/** A query as pg runs it: what the server says is answered by these methods. */
class CopyIn implements pg.Submittable {
  private failed = false;

  constructor(
    private readonly statement: string,
    private readonly lines: Iterable<string>,
    private readonly resolve: () => void,
    private readonly reject: (error: Error) => void,
  ) {}

  submit(connection: pg.Connection): void {
    (connection as unknown as CopyConnection).query(this.statement);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    this.send(connection).catch((error: Error) => connection.sendCopyFail(error.message));
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    if (!this.failed) this.resolve();
  }

  handleError(error: Error): void {
    this.failed = true;
    this.reject(error);
  }

  private async send(connection: CopyConnection): Promise<void> {
    let piece: string[] = [];
    const flush = async (): Promise<void> => {
      connection.sendCopyFromChunk(Buffer.from(`${piece.join('\n')}\n`));
      piece = [];
      if (connection.stream.writableNeedDrain) await once(connection.stream, 'drain');
    };
    for (const line of this.lines) if (piece.push(line) === LINES) await flush();
    if (piece.length > 0) await flush();
    connection.endCopyFrom();
  }
}
