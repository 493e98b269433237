import { newId } from '@yixian/contracts';
import type { Clock } from '@yixian/contracts';

export interface SimulatedMessage {
  id: string;
  /** Of the puppet's types, by name. */
  type: string;
  from: string;
  /** A person or a room. */
  to: string;
  at: number;
  text: string;
  room?: string;
  mentions?: string[];
  file?: { name: string; content: Buffer };
  url?: { title: string; url: string; description?: string; thumbnailUrl?: string };
  location?: { accuracy: number; address: string; latitude: number; longitude: number; name: string };
  miniProgram?: { title?: string; appid?: string; pagePath?: string; thumbUrl?: string };
  card?: string;
}

/** What may go wrong with what is told to the bot. */
export type SimulatedFault = 'drop' | 'duplicate' | 'late';

/** The bot's own id. */
export const BOT = 'bot';

/** What hears of the simulated WeChat: a puppet. */
interface Listener {
  heard(id: string): void;
  loggedIn(): void;
  loggedOut(why: string): void;
}

/** A small WeChat: people, groups, and what they say; the puppets that are logged in hear of it. */
export class SimulatedWechat {
  readonly people = new Map<string, string>([[BOT, '小茶']]);
  readonly rooms = new Map<string, { topic: string; members: string[] }>();
  readonly messages = new Map<string, SimulatedMessage>();
  /** The next messages meet these, one each. */
  readonly faults: SimulatedFault[] = [];
  /** What has to be scanned before a puppet is let in; `undefined`: it is let in as it comes. */
  loginCode: string | undefined;
  private readonly listeners = new Set<Listener>();
  private held: string[] = [];

  constructor(private readonly clock: Clock) {}

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Somebody says something; gives the message's id. */
  say(message: Partial<SimulatedMessage> & Pick<SimulatedMessage, 'from'>): string {
    const id = message.id ?? `sim-${newId<string>()}`;
    const to = message.room ?? message.to ?? BOT;
    this.messages.set(id, { type: 'Text', at: this.clock.now(), text: '', ...message, id, to });
    if (!this.people.has(message.from)) this.people.set(message.from, message.from);
    if (message.from !== BOT) this.tell(id);
    return id;
  }

  /** What the bot said to a person or a room, in order. */
  saidTo(conversation: string): SimulatedMessage[] {
    return [...this.messages.values()].filter(({ from, to }) => from === BOT && to === conversation);
  }

  logOut(why: string): void {
    for (const listener of this.listeners) listener.loggedOut(why);
  }

  /** Nobody is let in any more until {@link scan}. */
  requireScan(): void {
    this.loginCode = `http://weixin.qq.com/x/${newId<string>()}`;
    this.logOut('another phone');
  }

  /** The account's own phone scans the code. */
  scan(): void {
    if (this.loginCode === undefined) return;
    this.loginCode = undefined;
    for (const listener of this.listeners) listener.loggedIn();
  }

  private tell(id: string): void {
    const fault = this.faults.shift();
    if (fault === 'drop') return;
    if (fault === 'late') return void this.held.push(id);
    const ids = [id, ...(fault === 'duplicate' ? [id] : []), ...this.held.splice(0)];
    for (const one of ids) for (const listener of this.listeners) listener.heard(one);
  }
}
