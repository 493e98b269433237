import { FileBox } from 'file-box';
import type { FileBoxInterface } from 'file-box';
import { Puppet, payloads, types } from 'wechaty-puppet';
import { BOT } from './simulated-wechat.ts';
import type { SimulatedMessage, SimulatedWechat } from './simulated-wechat.ts';

/** A puppet in a simulated WeChat: for development, and for tests of what hangs on a puppet. Gives ids of what it sends. */
export class SimulatorPuppet extends Puppet {
  private leave = () => undefined as void;

  constructor(private readonly wechat: SimulatedWechat) {
    super();
  }

  override async onStart(): Promise<void> {
    this.leave = this.wechat.listen({
      heard: (messageId) => this.isLoggedIn && this.emit('message', { messageId }),
      loggedIn: () => void this.login(BOT),
      loggedOut: (why) => this.isLoggedIn && void this.logout(why),
    });
    // Wechaty asks for the login only after the start.
    setImmediate(() => {
      const { loginCode: qrcode } = this.wechat;
      if (qrcode) this.emit('scan', { qrcode, status: types.ScanStatus.Waiting });
      else void this.login(BOT);
    });
  }

  override async onStop(): Promise<void> {
    this.leave();
  }

  override ding(data?: string): void {
    setImmediate(() => this.emit('dong', { data: data ?? '' }));
  }

  override async contactRawPayload(id: string): Promise<payloads.Contact> {
    const name = this.wechat.people.get(id);
    if (name === undefined) throw new Error(`Nobody is ${id}.`);
    return {
      id,
      name,
      gender: types.ContactGender.Unknown,
      type: types.Contact.Individual,
      avatar: '',
      phone: [],
    };
  }

  override async contactRawPayloadParser(payload: payloads.Contact): Promise<payloads.Contact> {
    return payload;
  }

  override async roomRawPayload(id: string): Promise<payloads.Room> {
    const room = this.wechat.rooms.get(id);
    if (!room) throw new Error(`There is no room ${id}.`);
    return { id, topic: room.topic, memberIdList: room.members, adminIdList: [] };
  }

  override async roomRawPayloadParser(payload: payloads.Room): Promise<payloads.Room> {
    return payload;
  }

  override async roomMemberList(id: string): Promise<string[]> {
    return this.wechat.rooms.get(id)?.members ?? [];
  }

  override async messageRawPayload(id: string): Promise<payloads.Message> {
    const { type, from, to, at, text, room, mentions, file } = this.messageOf(id);
    return {
      id,
      type: types.Message[type as keyof typeof types.Message],
      talkerId: from,
      timestamp: Math.floor(at / 1000),
      text,
      ...(file && { filename: file.name }),
      ...(room ? { roomId: room, mentionIdList: mentions ?? [] } : { listenerId: to }),
    };
  }

  override async messageRawPayloadParser(payload: payloads.Message): Promise<payloads.Message> {
    return payload;
  }

  override async messageFile(id: string): Promise<FileBoxInterface> {
    const { file } = this.messageOf(id);
    if (!file) throw new Error(`The message ${id} has no file.`);
    return FileBox.fromBase64(file.content.toString('base64'), file.name);
  }

  override async messageUrl(id: string): Promise<payloads.UrlLink> {
    return this.messageOf(id).url ?? { title: '', url: '' };
  }

  override async messageLocation(id: string): Promise<payloads.Location> {
    return this.messageOf(id).location ?? { accuracy: 0, address: '', latitude: 0, longitude: 0, name: '' };
  }

  override async messageMiniProgram(id: string): Promise<payloads.MiniProgram> {
    return this.messageOf(id).miniProgram ?? {};
  }

  override async messageContact(id: string): Promise<string> {
    return this.messageOf(id).card ?? '';
  }

  override async messageSendText(to: string, text: string): Promise<string> {
    return this.wechat.say({ from: BOT, to, text });
  }

  override async messageSendFile(to: string, box: FileBoxInterface): Promise<string> {
    const file = { name: box.name, content: await box.toBuffer() };
    return this.wechat.say({ from: BOT, to, type: 'Attachment', file });
  }

  override async messageSendUrl(to: string, url: payloads.UrlLink): Promise<string> {
    return this.wechat.say({ from: BOT, to, type: 'Url', url });
  }

  private messageOf(id: string): SimulatedMessage {
    const message = this.wechat.messages.get(id);
    if (!message) throw new Error(`There is no message ${id}.`);
    return message;
  }
}
