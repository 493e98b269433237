/** What is said to a partition: when, in ms of a clock that only grows, and whether nobody can take it. */
export interface Told {
  partition: number;
  sent: number;
  poison: boolean;
}

export type Heard = (told: Told) => void;

/** A bus with a handler behind it that throws at poison. */
export interface Way {
  say(told: Told): Promise<void>;
  end(): Promise<void>;
}
