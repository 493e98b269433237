import fc from 'fast-check';
import {
  conversationMoves,
  conversationStates,
  IllegalMove,
  moveConversation,
  movesFrom,
  type ConversationMove,
} from './conversation-state.ts';

const moves: ConversationMove[] = ['wait', 'resume', 'snooze', 'close', 'reopen', 'receive', 'reply'];

it('only ever leads to a state of the table', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...conversationStates),
      fc.array(fc.constantFrom(...moves)),
      (start, path) => {
        let state = start;
        for (const move of path) if (movesFrom(state).includes(move)) state = moveConversation(state, move);
        expect(conversationStates).toContain(state);
      },
    ),
  );
});

it('throws on a move that the table does not allow, and says which', () => {
  fc.assert(
    fc.property(fc.constantFrom(...conversationStates), fc.constantFrom(...moves), (state, move) => {
      if (move in conversationMoves[state]) return;
      expect(() => moveConversation(state, move)).toThrow(IllegalMove);
    }),
  );
  expect(() => moveConversation('closed', 'close')).toThrow('A conversation that is closed cannot close.');
});

it('opens again whenever the customer writes', () => {
  for (const state of conversationStates) expect(moveConversation(state, 'receive')).toBe('open');
});
