import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { pause, systemClock } from '@yixian/contracts';
import { Random } from '../random.ts';
import { codeOf } from '../words.ts';

/** How long the box thinks about a letter, in ms: long enough for a kill to come between. */
const THINKS = [5, 250] as const;
/** Of letters: told to come again, refused, taken in and never answered. */
const BUSY = 0.05;
const REFUSED = 0.02;
const SILENT = 0.03;

/** The other end of the post, which belongs to others: remembers each letter it was given, and answers as it likes. */
export class LetterBox {
  private readonly letters = new Map<string, number[]>();

  private constructor(
    private readonly server: Server,
    private readonly random: Random,
  ) {}

  static async open(seed: number): Promise<LetterBox> {
    const server = createServer();
    const box = new LetterBox(server, new Random(seed + 2));
    server.on('request', (request, response) => void box.take(request, response).catch(() => {}));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return box;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** The codes of all letters to an address, in the order they came, each as often as it came. */
  lettersTo(address: string): number[] {
    return this.letters.get(address) ?? [];
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const letter = JSON.parse(await text(request)) as { address: string; text: string };
    if (this.random.chance(BUSY)) return void response.writeHead(503).end();
    if (this.random.chance(REFUSED)) return void response.writeHead(422).end();
    const codes = this.letters.get(letter.address) ?? [];
    this.letters.set(letter.address, codes);
    codes.push(codeOf(letter.text));
    await pause(systemClock, this.random.between(...THINKS));
    if (this.random.chance(SILENT)) response.destroy();
    else response.end(`letter-${codes.length}`);
  }
}
