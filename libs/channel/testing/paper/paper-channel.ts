import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { systemClock } from '@yixian/contracts';
import type {
  AccountFinding,
  AccountId,
  Address,
  ChannelName,
  ConversationShown,
  ReadByAgent,
  SendMessage,
  Signal,
} from '@yixian/contracts';
import { DeliveryError } from '../../src/channel.ts';
import type {
  AccountSettings,
  Channel,
  ChannelAbout,
  ChannelHost,
  FollowsConversation,
  KeepsTranscript,
  ReplaysRaw,
  Sent,
  ShowsReads,
  ShowsSignals,
  TellsState,
  TranscriptLine,
} from '../../src/channel.ts';

/** What a customer's line says: `{"account","address","nativeId","text"}`. */
interface Note {
  account: AccountId;
  address: Address;
  nativeId: string;
  text: string;
}

/** Letters on paper, over TCP: small, but with every ability and every way to fail of a real channel. */
export class PaperChannel
  implements Channel, KeepsTranscript, ShowsSignals, FollowsConversation, ShowsReads, TellsState, ReplaysRaw
{
  readonly about: ChannelAbout = {
    channel: 'paper' as ChannelName,
    name: { 'zh-CN': '信件', en: 'Letters' },
    icon: 'M2 5h20v14H2z',
    settings: {
      type: 'object',
      properties: { port: { type: 'integer' }, stamp: { type: 'string', 'x-secret': true } },
      required: ['port'],
    },
  };
  /** What the customer was shown beside letters, in order, by address. */
  readonly shown: { address: string; what: string }[] = [];
  readonly told: { address: string; line: TranscriptLine }[] = [];
  readonly signals: Signal[] = [];
  private host: ChannelHost | undefined;
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();

  /** Where customers hand in their notes. */
  get port(): number {
    return (this.server!.address() as AddressInfo).port;
  }

  async start(host: ChannelHost): Promise<void> {
    this.host = host;
    this.server = createServer((socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.sockets.delete(socket));
      createInterface(socket).on('line', (line) => void this.takeIn(line, socket));
    });
    await new Promise<void>((resolve) => this.server!.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server!.close(resolve));
  }

  async send(message: SendMessage, account: AccountSettings): Promise<Sent> {
    const { port } = account.settings as { port: number };
    const socket = connect(port, '127.0.0.1');
    try {
      await connected(socket);
      socket.write(`${JSON.stringify({ id: message.id, address: message.address, text: message.text })}\n`);
      return toSent(await answerOf(socket));
    } finally {
      socket.destroy();
    }
  }

  onTranscript(_: AccountId, address: Address, lines: TranscriptLine[]): void {
    this.told.push(...lines.map((line) => ({ address, line })));
  }

  onSignal(signal: Signal): void {
    this.signals.push(signal);
  }

  async onConversation(shown: ConversationShown): Promise<void> {
    this.shown.push({ address: shown.address, what: `${shown.state} v${shown.version}` });
  }

  async onRead(read: ReadByAgent): Promise<void> {
    this.shown.push({ address: read.address, what: `read ${read.upTo}` });
  }

  async stateOf({ name }: AccountSettings): Promise<AccountFinding[]> {
    const says = { 'zh-CN': `“${name}”的信箱开着`, en: `The letter box of “${name}” is open` };
    return [{ part: 'box', state: 'ok', says }];
  }

  /** Learned since: a line may begin with the words "smudged". */
  async replay(raw: Uint8Array): Promise<void> {
    const text = Buffer.from(raw).toString();
    if (!text.startsWith('smudged ')) throw new Error('It is still not readable.');
    await this.host!.receive(toReceived(JSON.parse(text.slice('smudged '.length)) as Note));
  }

  private async takeIn(line: string, socket: Socket): Promise<void> {
    const note = readNote(line);
    if (!note) {
      const kept = this.host!.quarantine(Buffer.from(line), 'It is not readable.', {});
      return kept.then(
        () => void socket.write('ok\n'),
        () => void socket.write('again\n'),
      );
    }
    const outcome = await this.host!.receive(toReceived(note));
    socket.write(outcome.accepted || !outcome.retry ? 'ok\n' : 'again\n');
  }
}

const toReceived = (note: Note) => ({
  ...note,
  occurredAt: systemClock.now(),
  sender: { claims: [] },
  attachments: [],
});

function readNote(line: string): Note | undefined {
  try {
    return JSON.parse(line) as Note;
  } catch {
    return undefined;
  }
}

/** Nothing was handed over yet, so it is certain that nothing arrived. */
async function connected(socket: Socket): Promise<void> {
  try {
    await once(socket, 'connect');
  } catch (cause) {
    throw new DeliveryError('peer_unreachable', { retryable: true, certain: true, cause });
  }
}

async function answerOf(socket: Socket): Promise<{ yes?: string; no?: string }> {
  for await (const line of createInterface(socket)) return JSON.parse(line) as { yes?: string; no?: string };
  throw new DeliveryError('no_answer', { retryable: false, certain: false });
}

function toSent({ yes, no }: { yes?: string; no?: string }): Sent {
  if (yes !== undefined) return { nativeId: yes };
  throw new DeliveryError(no === 'busy' ? 'peer_busy' : 'peer_refused', {
    retryable: no === 'busy',
    certain: true,
  });
}
