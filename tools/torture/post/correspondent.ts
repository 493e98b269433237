import type { Clock } from '@yixian/contracts';
import type { CustomerSide } from '../checker.ts';
import type { Journal } from '../journal.ts';
import type { Random } from '../random.ts';
import { messageText, wordFor } from '../words.ts';
import type { Writer } from '../writer.ts';

const ANSWER_WITHIN = 10_000;
const AGAIN = [100, 1000] as const;

export interface CorrespondentMeans {
  clock: Clock;
  journal: Journal;
  random: Random;
  /** Where notes are handed in. */
  urls: string[];
  run: string;
  onWrong: (who: string, says: string) => void;
}

/** A customer who writes by post: hands in one note after the other, each until it is taken. */
export class Correspondent implements Writer {
  readonly name: string;
  private readonly address: string;
  private written = 0;
  private tried = 0;
  private acknowledged = 0;
  private handing = false;
  private left = false;

  constructor(
    readonly number: number,
    private readonly means: CorrespondentMeans,
  ) {
    this.name = `c${number}`;
    this.address = `${means.run}-${this.name}`;
  }

  get waiting(): number {
    return this.written - this.acknowledged;
  }

  get amount(): number {
    return this.written;
  }

  get isCalm(): boolean {
    return this.left || this.waiting === 0;
  }

  write(): void {
    this.written++;
    if (!this.handing) void this.handIn();
  }

  leave(): void {
    this.left = true;
    this.means.journal.note(this.name, `leaves with ${this.waiting} unsent`);
  }

  side(): CustomerSide {
    const { name, tried, acknowledged, left } = this;
    return {
      name,
      address: tried > 0 ? this.address : '',
      by: 'post',
      tried,
      acknowledged,
      lines: [],
      left,
    };
  }

  private async handIn(): Promise<void> {
    this.handing = true;
    const { clock, random, journal } = this.means;
    while (this.waiting > 0 && !this.left) {
      const number = this.acknowledged + 1;
      journal.note(this.name, `says ${wordFor(number)}${number <= this.tried ? ' again' : ''}`);
      this.tried = Math.max(this.tried, number);
      const answer = await this.attempt(number);
      journal.note(this.name, `${wordFor(number)} ${answer === 200 ? 'acknowledged' : answer}`);
      if (answer === 200) this.acknowledged = number;
      else await new Promise<void>((resolve) => clock.after(random.between(...AGAIN), resolve));
    }
    this.handing = false;
  }

  /** The status, or why there was none. */
  private async attempt(number: number): Promise<number | string> {
    const { random, urls, run, onWrong } = this.means;
    const note = {
      address: this.address,
      nativeId: `${run}-${this.name}-m${number}`,
      text: messageText(this.number, number),
    };
    try {
      const signal = AbortSignal.timeout(ANSWER_WITHIN);
      const { status } = await fetch(random.one(urls), {
        method: 'POST',
        body: JSON.stringify(note),
        signal,
      });
      if (status !== 200 && status < 500) onWrong(this.name, `${wordFor(number)} was refused with ${status}`);
      return status;
    } catch (error) {
      return String(error);
    }
  }
}
