import type { MessageReceived } from '@yixian/contracts';

/** One way to store messages that arrive as JSON texts, a batch at a time. */
export interface Contender {
  name: string;
  /** Messages it stores in one measured run: enough for a second or so. */
  amount: number;
  /** Resolves when all are stored. */
  take(batch: string[]): Promise<void>;
  close(): Promise<void>;
}

export const BATCH = 100;

/** The messages as they lie in a topic. */
export const textsOf = (messages: MessageReceived[]): string[] =>
  messages.map((message) => JSON.stringify(message));
