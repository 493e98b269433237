import type { Meeting, Speaker } from '../e2e/people.ts';
import { WebSocketClient } from '../e2e/web-socket.ts';

/** Of the sample configuration that Tinode comes with. */
const API_KEY = 'AQEAAAABAAD_rAp4DJh05a1HAwFT3A6K';

interface Ctrl {
  ctrl?: { id?: string; code: number; params?: { user?: string } };
}

/** One user on a socket: says hello, makes an account, and subscribes. */
class TinodeUser {
  id = '';
  private readonly opened: Promise<void>;
  private client!: WebSocketClient;
  private readonly waiting = new Map<string, (params: { user?: string }) => void>();

  constructor(
    port: number,
    onData: (frame: Buffer) => void,
    private readonly onProblem: (problem: string) => void,
  ) {
    const path = `/v0/channels?apikey=${API_KEY}`;
    const hear = (frame: Buffer): void =>
      frame.includes('"data"', 0) && frame[2] === 100 ? onData(frame) : this.hear(frame);
    const onEnd = (): void => onProblem('Tinode closed a socket');
    // It takes nothing before the handshake is over.
    this.opened = new Promise((resolve) => {
      this.client = new WebSocketClient({ port, path }, hear, onEnd, resolve);
    });
  }

  async enter(name: string): Promise<void> {
    await this.opened;
    await this.ask('h', { hi: { id: 'h', ver: '0.22', ua: 'bench' } });
    const secret = Buffer.from(`${name}:secret-${name}`).toString('base64');
    const account = { user: 'new', scheme: 'basic', secret, login: true, desc: { public: { fn: name } } };
    this.id = (await this.ask('a', { acc: { id: 'a', ...account } })).user!;
  }

  async subscribe(topic: string): Promise<void> {
    await this.ask('s', { sub: { id: 's', topic } });
  }

  /** Text of a stamp needs no escaping. Answers `p…` with a ctrl. */
  publish(topic: string, id: string, text: string, answered: (body: string) => void): void {
    this.waiting.set(id, () => answered(''));
    this.client.send(`{"pub":{"id":"${id}","topic":"${topic}","noecho":true,"content":"${text}"}}`);
  }

  private ask(id: string, message: object): Promise<{ user?: string }> {
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.client.send(JSON.stringify(message));
    });
  }

  private hear(frame: Buffer): void {
    const { ctrl } = JSON.parse(frame.toString()) as Ctrl;
    if (!ctrl?.id) return;
    if (ctrl.code >= 400) this.onProblem(`Tinode refused: ${frame.toString()}`);
    this.waiting.get(ctrl.id)?.(ctrl.params ?? {});
    this.waiting.delete(ctrl.id);
  }
}

/** So many pairs, each in a topic of the two; one writes, the other sees it. Both stay attached. */
export const tinodeUsers: Meeting = async ({ port, visitors: pairs }, { onFrame, onProblem }) => {
  const speakers: Speaker[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const alice = new TinodeUser(port, () => {}, onProblem);
    const bobby = new TinodeUser(port, onFrame, onProblem);
    await Promise.all([alice.enter(`alice${pair}`), bobby.enter(`bobby${pair}`)]);
    await alice.subscribe(bobby.id);
    await bobby.subscribe(alice.id);
    speakers.push({
      say: (number, text, answered) => alice.publish(bobby.id, `p${number}`, text, answered),
    });
  }
  return { speakers, settle: () => Promise.resolve() };
};
