/** How long after a member's last heartbeat its coordinator takes it for dead, in ms. */
export const SESSION_TIMEOUT_MS = 10_000;
/** How long a coordinator waits for the members it knows to join again, in ms. */
export const REBALANCE_TIMEOUT_MS = 15_000;

/** A first join waits for all other members, and for those that died without a word. */
const WHOLE_JOIN_MS = SESSION_TIMEOUT_MS + REBALANCE_TIMEOUT_MS;
/** A return to the group is answered soon, or was asked of a broker that answers nothing. */
const RETURN_MS = 3_000;
/** By then a dead broker's groups have another coordinator: it is not the broker, it only takes longer here. */
const SHORT_RETURNS_FOR_MS = 20_000;

/** For how long an answer to a join is waited for. `outMs`: since this process could last read. */
export const joinPatience = ({ isReturn, outMs }: { isReturn: boolean; outMs: number }): number =>
  isReturn && outMs < SHORT_RETURNS_FOR_MS ? RETURN_MS : WHOLE_JOIN_MS;
