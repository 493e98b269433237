import type { VisitorAnswers, VisitorFile } from '@yixian/contracts/visitor-socket';

/** A message of the visitor that is not in the transcript yet. */
export interface Pending {
  nonce: string;
  text: string;
  /** As the server named them, and as they are shown. */
  files: string[];
  shown: VisitorFile[];
  answers?: VisitorAnswers | undefined;
  at: string;
  state: 'waiting' | 'sending' | 'accepted' | 'failed';
  /** Why it failed: a Problem's code. */
  code?: string;
}

const PREFIX = 'q:';
const keyOf = (nonce: string) => PREFIX + nonce;

/**
 * Messages on their way out, each kept under a key of its own until the server has it, so that neither a reload nor
 * another tab loses one. A nonce makes a message the same message however often it is sent.
 */
export class Outbox {
  messages: Pending[] = [];

  constructor(
    kept: Record<string, string>,
    private readonly keep: (key: string, value: string | null) => void,
  ) {
    for (const key of Object.keys(kept)) this.hear(key, kept[key]!);
  }

  add(message: Pick<Pending, 'text' | 'files' | 'shown' | 'answers'>): void {
    const nonce = crypto.getRandomValues(new Uint32Array(4)).join('-').slice(0, 64);
    const pending: Pending = { ...message, nonce, at: new Date().toISOString(), state: 'waiting' };
    this.messages = [...this.messages, pending];
    this.keep(keyOf(nonce), JSON.stringify(pending));
  }

  /** The next to send: one at a time, so that they arrive in the order they were written. */
  next(): Pending | undefined {
    if (this.messages.some(({ state }) => state === 'sending')) return undefined;
    return this.messages.find(({ state }) => state === 'waiting');
  }

  mark(nonce: string, state: Pending['state'], code?: string): void {
    this.messages = this.messages.map((message) =>
      message.nonce === nonce ? { ...message, state, ...(code && { code }) } : message,
    );
    if (state === 'accepted' || state === 'failed') this.keep(keyOf(nonce), null);
  }

  /** What stood as being sent when the line broke is sent again. */
  rewind(): void {
    for (const { nonce, state } of this.messages) if (state === 'sending') this.mark(nonce, 'waiting');
  }

  drop(nonce: string): void {
    if (!this.messages.some((message) => message.nonce === nonce)) return;
    this.messages = this.messages.filter((message) => message.nonce !== nonce);
    this.keep(keyOf(nonce), null);
  }

  /** Another tab kept or dropped something. True when it was a message. */
  hear(key: string, value: string | null): boolean {
    if (!key.startsWith(PREFIX)) return false;
    const nonce = key.slice(PREFIX.length);
    const known = this.messages.find((message) => message.nonce === nonce);
    if (value && !known) {
      const message: Pending = { ...(JSON.parse(value) as Pending), state: 'waiting' };
      this.messages = [...this.messages, message].sort(byTime);
    }
    return true;
  }
}

const byTime = (one: Pending, other: Pending) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0);
