import type { Author, DeliveryState, EntryKind, Payload } from '@yixian/contracts';

/** A row of the log of entries, as far as anything is derived from it. Positions in microseconds since 1970. */
export interface EntryFact {
  conversation: string;
  version: number;
  entry: string;
  seq: number;
  kind: EntryKind;
  direction: 'in' | 'out' | 'internal';
  author: Author;
  /** Only of system entries: what was done. */
  act: Payload | null;
  preview: string;
  orderedAt: number;
  recordedAt: string;
}

/** A row of the log of changes. */
export interface ChangeFact {
  conversation: string;
  version: number;
  change: 'delivery' | 'read' | 'moved' | 'allowance';
  entry: string | null;
  data: Payload;
  at: string;
}

export type Fact = EntryFact | ChangeFact;

/** What became of an outbound message, by the log. */
export interface ReplayedDelivery {
  entry_id: string;
  conversation_id: string;
  version: number;
  at: string;
  state: DeliveryState;
  reason: string | null;
}
