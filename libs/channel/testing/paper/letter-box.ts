import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createInterface } from 'node:readline';

export interface Letter {
  id: string;
  address: string;
  text: string;
}

/**
 * How the box treats a letter: `busy` and `refuse` say so before it is in; `cut` takes it in and hangs up without a
 * word; `mute` takes it in and says nothing; `hold` says yes only when released.
 */
export type Mood = 'busy' | 'refuse' | 'cut' | 'mute' | 'hold';

/** The customers' side of the paper channel: a TCP server that takes letters, one JSON line each, and may misbehave. */
export class LetterBox {
  readonly letters: Letter[] = [];
  private readonly moods: { mood: Mood; address?: string }[] = [];
  private readonly sockets = new Set<Socket>();
  private held: (() => void)[] = [];

  private constructor(private readonly server: Server) {}

  static async open(): Promise<LetterBox> {
    const server = createServer();
    const box = new LetterBox(server);
    server.on('connection', (socket) => box.serve(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return box;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The next letters (to an address, if given) meet these moods, one each. */
  misbehave(moods: Mood[], address?: string): void {
    this.moods.push(...moods.map((mood) => ({ mood, address })));
  }

  /** Says yes to everything that is held. */
  release(): void {
    for (const accept of this.held.splice(0)) accept();
  }

  get holding(): number {
    return this.held.length;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
    createInterface(socket).on('line', (line) => this.take(JSON.parse(line) as Letter, socket));
  }

  private take(letter: Letter, socket: Socket): void {
    const answer = (word: Record<string, string>) => void socket.write(`${JSON.stringify(word)}\n`);
    const at = this.moods.findIndex(({ address }) => address === undefined || address === letter.address);
    const mood = at < 0 ? undefined : this.moods.splice(at, 1)[0]!.mood;
    if (mood === 'busy' || mood === 'refuse') return answer({ no: mood });
    this.letters.push(letter);
    const yes = () => answer({ yes: `paper-${this.letters.length}` });
    if (mood === 'cut') socket.destroy();
    else if (mood === 'hold') this.held.push(yes);
    else if (mood !== 'mute') yes();
  }
}
