import type { CustomerSide } from './checker.ts';

/** A customer, by whatever channel: writes into a queue that survives everything. */
export interface Writer {
  readonly name: string;
  /** Messages that are not acknowledged yet. */
  readonly waiting: number;
  /** Messages written in all. */
  readonly amount: number;
  /** Everything is acknowledged, and what is to be seen is seen. */
  readonly isCalm: boolean;
  write(): void;
  /** Goes for good. What is on its way stays on its way, and is never sent again. */
  leave(): void;
  side(): CustomerSide;
}
