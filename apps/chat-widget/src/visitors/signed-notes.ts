import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@yixian/contracts';
import { Refused } from '@yixian/service';

/** Notes that we hand to browsers and get back: anybody can read one, nobody can change or make one. */
export class SignedNotes<T> {
  constructor(
    private readonly key: Buffer,
    private readonly clock: Clock,
    /** What the notes are for; a note for one purpose is none for another. */
    private readonly purpose: string,
  ) {}

  sign(content: T, ttlMs: number): string {
    const body = Buffer.from(JSON.stringify([this.clock.now() + ttlMs, content])).toString('base64url');
    return `${body}.${this.mac(body).toString('base64url')}`;
  }

  /** Throws {@link Refused}: `token_invalid` or `token_expired`. */
  open(note: string): T {
    const [body = '', mac = ''] = note.split('.');
    const given = Buffer.from(mac, 'base64url');
    const right = this.mac(body);
    if (given.length !== right.length || !timingSafeEqual(given, right)) {
      throw new Refused('token_invalid', `This is no note for ${this.purpose}.`);
    }
    const [expiry, content] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [number, T];
    if (expiry < this.clock.now())
      throw new Refused('token_expired', `This note for ${this.purpose} is too old.`);
    return content;
  }

  private mac(body: string): Buffer {
    return createHmac('sha256', this.key).update(`${this.purpose}\n${body}`).digest();
  }
}
