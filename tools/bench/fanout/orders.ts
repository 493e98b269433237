/** What the process that sends is told: so many rounds, each of so many messages, to everybody. */
export type Order =
  { do: 'listen'; kind: 'desk' | 'bare' } | { do: 'tell'; rounds: number; messages: number };

export interface Answer {
  port: number;
  clients: number;
  /** µs of processor time that the rounds took. */
  spent: number;
}
