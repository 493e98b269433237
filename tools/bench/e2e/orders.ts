/** What the process that measures tells the one that makes the load; each is answered once it is done. */
export type Order =
  | { do: 'connect'; port: number; token: string; visitors: number; peer?: 'tinode' }
  | { do: 'rate'; perSecond: number; seconds: number }
  | { do: 'flatOut'; seconds: number };

export interface Answer {
  /** Messages an agent saw; of those, in ms from the visitor's socket to the agent's. */
  seen: number;
  waits: number[];
  /** In ms until the visitor was told that the message is durable. */
  acknowledged: number[];
  /** Seconds from the first message to the end of sending. */
  seconds: number;
  /** Sent and never seen. */
  lost: number;
  /** How often the one who is to see them was too slow and had to begin anew. */
  behind: number;
  problem?: string;
}
