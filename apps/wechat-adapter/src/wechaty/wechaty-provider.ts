import { DeliveryError } from '@yixian/channel';
import type { Sent } from '@yixian/channel';
import { pause } from '@yixian/contracts';
import type { AccountFinding, Attachment, SendMessage } from '@yixian/contracts';
import { TooLarge } from '@yixian/media';
import type { Account } from '../account.ts';
import type { MediaRef } from '../media-ref.ts';
import { MediaMissing } from '../provider.ts';
import type { Capabilities, Sink, WechatProvider } from '../provider.ts';
import type { ProviderMeans } from '../provider-means.ts';
import { Recent } from '../recent.ts';
import { replyIn } from '../sending/reply-payload.ts';
import { SerialByKey } from '../serial-by-key.ts';
import { login } from '../standing/to-findings.ts';
import type { Bot, BuildBot } from './bot.ts';
import { conversationOf, fromHeard, addressOf } from './from-heard.ts';
import type { Heard } from './heard.ts';
import { Supervisor } from './supervisor.ts';
import type { LoginState, SupervisorTuning } from './supervisor.ts';

/** Ids that are remembered, since puppets tell some messages twice. The hub knows them all for ever. */
const MOST_IDS = 5_000;
/** What could not be made durable is tried again after this long, in ms: nobody will bring it again. */
const AGAIN = 1_000;
const MEDIA_TRIES = 3;
/** In ms. */
const BEGINS_WITHIN = 10_000;
/** No address is called so. */
const READING = '\n';

/** A bot on an ordinary account, by any Wechaty puppet. */
export class WechatyProvider implements WechatProvider {
  readonly supervisor: Supervisor;
  /** Resolves with the first word of the login: it is there, or somebody has to scan. */
  readonly begun: Promise<void>;
  private begin = () => undefined as void;
  private readonly conversations = new SerialByKey();
  private readonly known = new Recent<true>(MOST_IDS);
  private readonly ending = new AbortController();
  private sink: Sink | undefined;

  constructor(
    private readonly account: Account,
    private readonly means: Pick<ProviderMeans, 'host'>,
    build: BuildBot,
    tuning?: Partial<SupervisorTuning>,
  ) {
    this.begun = new Promise((resolve) => (this.begin = resolve));
    this.supervisor = new Supervisor({
      build,
      clock: means.host.clock,
      ...(tuning && { tuning }),
      onMessage: (bot, id) => void this.take(bot, id),
      onState: (state) => this.tell(state),
    });
  }

  /** Resolves once it is known how the login stands, or after a while. */
  async start(sink: Sink): Promise<void> {
    this.sink = sink;
    this.supervisor.start();
    await Promise.race([this.begun, pause(this.means.host.clock, BEGINS_WITHIN, this.ending.signal)]);
  }

  async stop(): Promise<void> {
    this.ending.abort();
    this.begin();
    await this.supervisor.stop();
  }

  async send(message: SendMessage): Promise<Sent> {
    const bot = this.supervisor.online;
    if (!bot) throw new DeliveryError('not_logged_in', { retryable: true, certain: true });
    const reply = replyIn(message.payload);
    const conversation = conversationOf(message.address);
    const files = await Promise.all(message.attachments.map((file) => this.loaded(file)));
    const ids: (string | undefined)[] = [];
    try {
      if (reply.type === 'news')
        ids.push(await bot.sendLink(conversation, { ...reply, thumbnailUrl: reply.imageUrl }));
      else if (reply.type !== 'text')
        throw new DeliveryError('not_supported', { retryable: false, certain: true });
      if (message.text) ids.push(await bot.sendText(conversation, message.text));
      for (const file of files) ids.push(await bot.sendFile(conversation, file));
    } catch (error) {
      if (error instanceof DeliveryError) throw error;
      // A puppet does not say whether it had gone out.
      throw new DeliveryError('puppet_failed', { retryable: false, certain: false, cause: error });
    }
    const nativeId = ids.find(Boolean);
    return { state: 'sent', ...(nativeId && { nativeId }) };
  }

  async fetchMedia({ id, name }: MediaRef): Promise<Attachment> {
    const bot = this.supervisor.online;
    if (!bot) throw new MediaMissing('unavailable');
    try {
      const file = await bot.file(id);
      return await this.means.host.media.put(file.content, { name: file.name || name });
    } catch (error) {
      if (error instanceof TooLarge) throw new MediaMissing('too_large', { cause: error });
      throw new MediaMissing('unavailable', { cause: error });
    }
  }

  capabilities(): Capabilities {
    return { files: ['image', 'voice', 'video', 'file'], cards: ['news'], typing: false, groups: true };
  }

  async standing(): Promise<AccountFinding[]> {
    return [login(this.supervisor.state)];
  }

  /** Never rejects: nobody listens, and nobody would bring it again. */
  private async take(bot: Bot, id: string): Promise<void> {
    if (!this.known.add(id, true)) return;
    // Read one after the other, so that each conversation keeps its order; what is behind a slow file may pass it.
    await this.conversations.run(READING, async () => {
      try {
        const heard = await bot.hear(id);
        if (heard && this.isWanted(heard))
          void this.conversations.run(addressOf(heard), () => this.record(heard));
      } catch (error) {
        this.known.delete(id);
        const detail = { account: this.account.id, message: id, error: String(error) };
        this.means.host.log('warn', 'A message of a bot could not be read.', detail);
      }
    });
  }

  private isWanted({ room }: Heard): boolean {
    const { groups } = this.account;
    return !room || groups === 'all' || (groups === 'mentioned' && room.mentionsUs);
  }

  private async record(heard: Heard): Promise<void> {
    const { file, missing } = await this.fileOf(heard);
    const received = fromHeard(heard, { account: this.account.id, file, missing });
    while (!this.ending.signal.aborted) {
      const outcome = await this.sink?.(received);
      if (!outcome || outcome.accepted || !outcome.retry) return;
      await pause(this.means.host.clock, AGAIN, this.ending.signal);
    }
  }

  private async fileOf({ id, file }: Heard): Promise<{ file?: Attachment; missing?: string }> {
    if (!file) return {};
    for (let tries = 1; ; tries++) {
      try {
        return { file: await this.fetchMedia({ id, name: file.name }) };
      } catch (error) {
        if (!(error instanceof MediaMissing)) throw error;
        if (!error.retryable || tries === MEDIA_TRIES) return { missing: error.code };
      }
    }
  }

  private async loaded(file: Attachment): Promise<{ name: string; content: Buffer }> {
    const stored = await this.means.host.media.get(file.key);
    if (!stored) throw new DeliveryError('file_missing', { retryable: false, certain: true });
    const chunks: Buffer[] = [];
    for await (const chunk of stored.content) chunks.push(chunk as Buffer);
    return { name: file.name, content: Buffer.concat(chunks) };
  }

  private tell(state: LoginState): void {
    if (state.state === 'online' || state.state === 'scan') this.begin();
    // Who has the code can have the login: it is shown to an admin on the page of the accounts, and nowhere else.
    const detail = { account: this.account.id, ...(state.state === 'scan' ? { state: state.state } : state) };
    if (state.state === 'scan')
      this.means.host.log('warn', 'Somebody has to scan the login code of a bot.', detail);
    else if (state.state === 'down')
      this.means.host.log('warn', 'A bot is down; a new one is built.', detail);
    else this.means.host.log('info', 'The login of a bot changed.', detail);
  }
}
