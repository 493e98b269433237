import type { Puppet } from 'wechaty-puppet';
import type { Bot, BotFile, BotListener, BuildBot } from './bot.ts';
import type { Heard } from './heard.ts';

/** Types that have a file. What a puppet does not know may have one, too. */
const FILES = ['Image', 'Audio', 'Video', 'Attachment', 'Emoticon', 'Unknown'];

/** Builds bots on the puppets that `makePuppet` makes. Wechaty is loaded when the first is built: it is optional. */
export function wechatyBots(makePuppet: () => Promise<Puppet>): BuildBot {
  return async (listener) => {
    const { WechatyBuilder } = await import('wechaty');
    const puppet = await makePuppet();
    const wechaty = WechatyBuilder.build({ puppet: puppet as never });
    listen(wechaty, listener);
    return new WechatyBot(wechaty, puppet);
  };
}

interface SomeWechaty {
  on(event: string, heard: (...of: never[]) => void): unknown;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Handlers must not throw: Wechaty would call it an error of its own and end. */
function listen(wechaty: SomeWechaty, listener: BotListener): void {
  const on = (event: string, heard: (...of: never[]) => void) =>
    wechaty.on(event, (...of: never[]) => {
      listener.alive();
      heard(...of);
    });
  // Told once more, without a code, when it was scanned and the phone asks its owner.
  on('scan', (qrCode?: string) => void (qrCode && listener.scan(qrCode)));
  on('login', (user: { name(): string }) => listener.online(user.name()));
  on('message', ({ id }: { id: string }) => listener.message(id));
  on('heartbeat', () => undefined);
  on('dong', () => undefined);
  on('logout', () => listener.down('It was logged out.'));
  on('error', (error: unknown) => listener.down(`It failed: ${String(error)}`));
}

/** One bot, by its puppet: Wechaty's own objects are kept for ever, and are not used. */
class WechatyBot implements Bot {
  constructor(
    private readonly wechaty: SomeWechaty,
    private readonly puppet: Puppet,
  ) {}

  start(): Promise<void> {
    return this.wechaty.start();
  }

  stop(): Promise<void> {
    return this.wechaty.stop();
  }

  ding(): void {
    this.puppet.ding('alive?');
  }

  async hear(id: string): Promise<Heard | undefined> {
    const { types } = await import('wechaty-puppet');
    const payload = await this.puppet.messagePayload(id);
    if (payload.talkerId === this.puppet.currentUserId) return undefined;
    const type = types.Message[payload.type] ?? 'Unknown';
    const talker = await this.puppet.contactPayload(payload.talkerId);
    const room = payload.roomId ? await this.roomOf(payload.roomId, payload) : undefined;
    return {
      id,
      type,
      at: payload.timestamp < 1e12 ? payload.timestamp * 1000 : payload.timestamp,
      text: payload.text ?? '',
      talker: { id: payload.talkerId, name: talker.name },
      ...(room && { room }),
      ...(await this.more(id, type, payload.filename)),
    };
  }

  async file(id: string): Promise<BotFile> {
    const box = await this.puppet.messageFile(id);
    return { name: box.name, content: await box.toBuffer() };
  }

  async sendText(conversation: string, text: string): Promise<string | undefined> {
    return (await this.puppet.messageSendText(conversation, text)) ?? undefined;
  }

  async sendFile(conversation: string, { name, content }: BotFile): Promise<string | undefined> {
    const { FileBox } = await import('file-box');
    // Not fromBuffer: some puppets write the box as JSON, which fails for a buffer.
    const box = FileBox.fromBase64(content.toString('base64'), name);
    return (await this.puppet.messageSendFile(conversation, box)) ?? undefined;
  }

  async sendLink(
    conversation: string,
    { title, url, description, thumbnailUrl }: Parameters<Bot['sendLink']>[1],
  ): Promise<string | undefined> {
    const link = { title, url, description, ...(thumbnailUrl && { thumbnailUrl }) };
    return (await this.puppet.messageSendUrl(conversation, link)) ?? undefined;
  }

  private async roomOf(
    id: string,
    { mentionIdList = [], text = '' }: { mentionIdList?: string[]; text?: string },
  ): Promise<NonNullable<Heard['room']>> {
    const { topic } = await this.puppet.roomPayload(id);
    const self = this.puppet.currentUserId;
    const { name } = await this.puppet.contactPayload(self);
    return {
      id,
      topic,
      mentionsUs: mentionIdList.includes(self) || (name !== '' && text.includes(`@${name}`)),
    };
  }

  private async more(id: string, type: string, fileName: string | undefined): Promise<Partial<Heard>> {
    if (type === 'Url') return { url: await this.puppet.messageUrl(id) };
    if (type === 'Location') return { location: await this.puppet.messageLocation(id) };
    if (type === 'MiniProgram') return { miniProgram: await this.puppet.messageMiniProgram(id) };
    if (type === 'Contact') return { card: await this.cardOf(await this.puppet.messageContact(id)) };
    if (!FILES.includes(type)) return {};
    const name = fileName ?? (await this.fileNameOf(id));
    return name === undefined ? {} : { file: { name } };
  }

  private async cardOf(contactId: string): Promise<NonNullable<Heard['card']>> {
    const name = await this.puppet.contactPayload(contactId).then(
      (payload) => payload.name,
      () => '',
    );
    return { id: contactId, name };
  }

  private async fileNameOf(id: string): Promise<string | undefined> {
    try {
      return (await this.puppet.messageFile(id)).name;
    } catch {
      return undefined;
    }
  }
}
