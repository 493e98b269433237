/**
 * A conversation's states and the moves between them, as data. The desk asks the same table which buttons to show.
 * `open` waits for us, `pending` waits for the customer, `snoozed` waits for a time, `closed` is done.
 */
export const conversationMoves = {
  open: { wait: 'pending', snooze: 'snoozed', close: 'closed', receive: 'open', reply: 'open' },
  pending: { resume: 'open', snooze: 'snoozed', close: 'closed', receive: 'open', reply: 'pending' },
  snoozed: { resume: 'open', close: 'closed', receive: 'open', reply: 'snoozed' },
  closed: { reopen: 'open', receive: 'open' },
} as const satisfies Record<string, Partial<Record<string, string>>>;

export type ConversationState = keyof typeof conversationMoves;
export type ConversationMove = 'wait' | 'resume' | 'snooze' | 'close' | 'reopen' | 'receive' | 'reply';
export const conversationStates = Object.keys(conversationMoves) as ConversationState[];

/** A move that the table does not allow. */
export class IllegalMove extends Error {
  readonly code = 'illegal_move';
  readonly retryable = false;
  constructor(
    readonly from: ConversationState,
    readonly move: ConversationMove,
  ) {
    super(`A conversation that is ${from} cannot ${move}.`);
  }
}

/** The state after `move`. Throws {@link IllegalMove} when the table has no such move. */
export function moveConversation(from: ConversationState, move: ConversationMove): ConversationState {
  const to = (conversationMoves[from] as Partial<Record<ConversationMove, ConversationState>>)[move];
  if (!to) throw new IllegalMove(from, move);
  return to;
}

/** The moves open to a conversation in this state. */
export function movesFrom(state: ConversationState): ConversationMove[] {
  return Object.keys(conversationMoves[state]) as ConversationMove[];
}
