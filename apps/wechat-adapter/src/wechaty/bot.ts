import type { Heard } from './heard.ts';

/** A file as puppets carry it. */
export interface BotFile {
  name: string;
  content: Buffer;
}

/** What a bot tells while it lives. After `down` it says nothing more and is of no use. */
export interface BotListener {
  /** Somebody has to scan this with the account's phone. */
  scan(qrCode: string): void;
  online(userName: string): void;
  message(id: string): void;
  /** It is alive: any event, or the answer to {@link Bot.ding}. */
  alive(): void;
  down(why: string): void;
}

/** One login of one account, by one puppet. Built, used until it is down, and thrown away. */
export interface Bot {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Asks for a sign of life. */
  ding(): void;
  /** `undefined`: it is of ourselves, or of nobody. */
  hear(id: string): Promise<Heard | undefined>;
  file(id: string): Promise<BotFile>;
  /** Give the message's id, if the puppet knows one. */
  sendText(conversation: string, text: string): Promise<string | undefined>;
  sendFile(conversation: string, file: BotFile): Promise<string | undefined>;
  sendLink(
    conversation: string,
    link: { title: string; url: string; description: string; thumbnailUrl?: string | undefined },
  ): Promise<string | undefined>;
}

export type BuildBot = (listener: BotListener) => Promise<Bot>;
