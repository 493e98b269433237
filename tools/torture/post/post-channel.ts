import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { DeliveryError } from '@yixian/channel';
import type { AccountSettings, Channel, ChannelAbout, ChannelHost, Sent } from '@yixian/channel';
import type { AccountId, Address, ChannelName, SendMessage } from '@yixian/contracts';
import { z } from 'zod';

export const POST = 'post' as ChannelName;
export const POST_ACCOUNT = 'letters' as AccountId;

/** Whoever is written to has this long to answer, in ms. */
const ANSWER_WITHIN = 5000;

/** What a customer hands in. */
const Note = z.object({ address: z.string(), nativeId: z.string(), text: z.string() });
const Settings = z.object({ letterBox: z.url() });

/**
 * A channel whose sends cannot be taken back: each is a letter put into a box that is not ours and keeps no promises.
 * Customers hand in notes by HTTP, until one is answered with 200.
 */
export class PostChannel implements Channel {
  readonly about: ChannelAbout = {
    channel: POST,
    name: { 'zh-CN': '信件', en: 'Letters' },
    icon: 'M2 5h20v14H2z',
    settings: { type: 'object', properties: { letterBox: { type: 'string' } }, required: ['letterBox'] },
  };
  private server: Server | undefined;

  constructor(private readonly port: number) {}

  async start(host: ChannelHost): Promise<void> {
    this.server = createServer((request, response) => void takeIn(host, request, response));
    await new Promise<void>((resolve) => this.server!.listen(this.port, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  async send({ id, address, text: said }: SendMessage, { settings }: AccountSettings): Promise<Sent> {
    const { letterBox } = Settings.parse(settings);
    const answer = await put(letterBox, JSON.stringify({ id, address, text: said }));
    if (answer.ok) return { nativeId: await answer.text() };
    const busy = answer.status === 503;
    throw new DeliveryError(busy ? 'peer_busy' : 'peer_refused', { retryable: busy, certain: true });
  }
}

async function takeIn(host: ChannelHost, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const note = Note.parse(JSON.parse(await text(request)));
    const received = {
      ...note,
      address: note.address as Address,
      account: POST_ACCOUNT,
      occurredAt: host.clock.now(),
      sender: { claims: [] },
      attachments: [],
    };
    const outcome = await host.receive(received);
    response.writeHead(outcome.accepted ? 200 : outcome.retry ? 503 : 422).end();
  } catch {
    // Nobody listens any more, or it was cut off half way: it comes again.
    response.destroy();
  }
}

/** Only a letter that found no box at all was certainly not put in. */
async function put(box: string, body: string): Promise<Response> {
  try {
    return await fetch(box, { method: 'POST', body, signal: AbortSignal.timeout(ANSWER_WITHIN) });
  } catch (cause) {
    const unreachable = (cause as { cause?: { code?: string } }).cause?.code === 'ECONNREFUSED';
    throw new DeliveryError(unreachable ? 'peer_unreachable' : 'no_answer', {
      retryable: unreachable,
      certain: unreachable,
      cause,
    });
  }
}
