import { WebSocketClient } from './web-socket.ts';

const OPEN = '0';
const PING = '2';
const PONG = '3';
const CONNECT = '40';
const ACKNOWLEDGED = '43';
const REFUSED = '44';

/** One namespace of Socket.IO over {@link WebSocketClient}. */
export class NamespaceSocket {
  private readonly client: WebSocketClient;
  private readonly answers = new Map<number, (body: string) => void>();
  private asked = 0;

  /** `onFrame` gets every frame of events as it came. `onReady`: the server has let us in. */
  constructor(
    port: number,
    private readonly namespace: string,
    auth: object,
    private readonly hear: {
      onFrame: (frame: Buffer) => void;
      onReady: () => void;
      onEnd: (why: string) => void;
    },
  ) {
    const path = '/socket.io/?EIO=4&transport=websocket';
    this.client = new WebSocketClient(
      { port, path },
      (frame) => this.read(frame, auth),
      () => hear.onEnd('closed'),
    );
  }

  ask(name: string, body: unknown, answered: (body: string) => void): void {
    const id = ++this.asked;
    this.answers.set(id, answered);
    this.client.send(`42${this.namespace},${id}${JSON.stringify([name, body])}`);
  }

  stopReading(): void {
    this.client.stopReading();
  }

  close(): void {
    this.client.close();
  }

  private read(frame: Buffer, auth: object): void {
    const head = frame.toString('latin1', 0, 2);
    if (head[0] === OPEN) this.client.send(`40${this.namespace},${JSON.stringify(auth)}`);
    else if (head[0] === PING) this.client.send(PONG);
    else if (head === CONNECT) this.hear.onReady();
    else if (head === ACKNOWLEDGED) this.answer(frame.toString('utf8', 3 + this.namespace.length));
    else if (head === REFUSED) this.hear.onEnd(frame.toString());
    else this.hear.onFrame(frame);
  }

  private answer(text: string): void {
    const begin = text.indexOf('[');
    const id = Number(text.slice(0, begin));
    this.answers.get(id)?.(text.slice(begin));
    this.answers.delete(id);
  }
}
