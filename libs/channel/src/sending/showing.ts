import { randomUUID } from 'node:crypto';
import { ConversationShown, ReadByAgent } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import type { Logger } from 'pino';
import { z } from 'zod';
import { followsConversation, showsReads } from '../abilities.ts';
import type { Channel } from '../channel.ts';

/** What a customer may be shown apart from messages. */
const Shown = z.discriminatedUnion('kind', [ConversationShown, ReadByAgent]);
type Shown = z.infer<typeof Shown>;

const News = z.object({ by: z.uuid(), shown: Shown });
const NEWS = 'channel_shown';

/**
 * Shows customers what happened to their conversation, in every process, since a customer's sockets may be in any. The
 * process that has the command shows it first, in order and with retries, and then tells the others by NOTIFY: they
 * show it too, or miss it and leave it to what the first has kept.
 */
export class Showing {
  private readonly me = randomUUID();
  private stopListening: () => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly channel: Channel,
    private readonly means: { database: Database; log: Logger },
  ) {}

  async start(): Promise<void> {
    if (!followsConversation(this.channel) && !showsReads(this.channel)) return;
    this.stopListening = await this.means.database.listen(NEWS, (payload) => this.hear(payload));
  }

  stop(): Promise<void> {
    return this.stopListening();
  }

  /** Rejects when the channel does: then nobody else was told, and it may be asked again. */
  async show(shown: Shown): Promise<void> {
    if (!(await this.showHere(shown))) return;
    await this.means.database.query('select pg_notify($1, $2)', [
      NEWS,
      JSON.stringify({ by: this.me, shown }),
    ]);
  }

  /** False when the channel has no such ability. */
  private async showHere(shown: Shown): Promise<boolean> {
    const { channel } = this;
    if (shown.kind === 'conversation.shown' && followsConversation(channel))
      await channel.onConversation(shown);
    else if (shown.kind === 'read.by-agent' && showsReads(channel)) await channel.onRead(shown);
    else return false;
    return true;
  }

  private hear(payload: string): void {
    // Empty: the connection was gone for a while. What was missed is shown when the customer's browser asks.
    if (payload === '') return;
    const { by, shown } = News.parse(JSON.parse(payload));
    if (by === this.me || shown.channel !== this.channel.about.channel) return;
    this.showHere(shown).catch((error: unknown) => {
      this.means.log.warn({ err: error, kind: shown.kind }, 'A change could not be shown to the customer.');
    });
  }
}
