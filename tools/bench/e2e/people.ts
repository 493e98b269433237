import type { Order } from './orders.ts';

/** Somebody who writes. `answered`: what the server said to it, in its own words; undefined when it says nothing. */
export interface Speaker {
  say(number: number, text: string, answered: (body: string) => void): void;
}

/** What people hear and what goes wrong for them. */
export interface Ears {
  /** A frame that somebody got who is to see the messages. */
  onFrame: (frame: Buffer) => void;
  onProblem: (problem: string) => void;
  /** Somebody who is to see the messages was too slow, was told to begin anew, and did. */
  onBehind: () => void;
}

/** Brings people to a server: those who write, and, behind the ears, those who see it. */
export type Meeting = (order: Order & { do: 'connect' }, ears: Ears) => Promise<Met>;

export interface Met {
  speakers: Speaker[];
  /** To be done once everybody has said something. */
  settle(): Promise<void>;
}
