import type { Mailbox } from '../mailbox.ts';

/** Who handed a mail over. */
export interface Peer {
  /** The network address that it came from. */
  ip: string;
  /** What it called itself. */
  helo: string;
  /** A server of ours, in front of us: its verdicts are believed. */
  trusted: boolean;
}

/** A mail that came in, as it came. */
export interface Arrival {
  raw: Buffer;
  /** The sender of the envelope; '' is the null sender of bounces, `undefined` when no envelope is known. */
  envelopeFrom?: string;
  peer?: Peer;
  to: { mailbox: Mailbox; recipients: string[] }[];
}

/** What became of it: it is ours now; ours, but set aside for a person; or it must come again. */
export type Taken = 'taken' | 'aside' | 'again';
