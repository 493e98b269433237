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

/** A small WeChat: people, groups, and what they say; the puppets that are logged in hear of it. */
export class SimulatedWechat {
  readonly people = new Map<string, string>([[BOT, '小茶']]);
  readonly rooms = new Map<string, { topic: string; members: string[] }>();
  readonly messages = new Map<string, SimulatedMessage>();
  /** The next messages meet these, one each. */
  readonly faults: SimulatedFault[] = [];
  private readonly listeners = new Set<(id: string) => void>();
  private readonly logouts = new Set<(why: string) => void>();
  private held: string[] = [];

  constructor(private readonly clock: Clock) {}

  listen(heard: (id: string) => void, loggedOut: (why: string) => void): () => void {
    this.listeners.add(heard);
    this.logouts.add(loggedOut);
    return () => {
      this.listeners.delete(heard);
      this.logouts.delete(loggedOut);
    };
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
    for (const loggedOut of this.logouts) loggedOut(why);
  }

  private tell(id: string): void {
    const fault = this.faults.shift();
    if (fault === 'drop') return;
    if (fault === 'late') return void this.held.push(id);
    const ids = [id, ...(fault === 'duplicate' ? [id] : []), ...this.held.splice(0)];
    for (const one of ids) for (const heard of this.listeners) heard(one);
  }
}
