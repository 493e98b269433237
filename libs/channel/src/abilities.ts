import type {
  Channel,
  ChecksAccounts,
  FollowsConversation,
  KeepsTranscript,
  ReplaysRaw,
  ShowsReads,
  ShowsSignals,
  TellsState,
} from './channel.ts';

/** A channel offers an ability by having its method. */
const offers =
  <A extends object>(method: keyof A & string) =>
  (channel: Channel): channel is Channel & A =>
    typeof (channel as Channel & Partial<A>)[method] === 'function';

export const keepsTranscript = offers<KeepsTranscript>('onTranscript');
export const showsSignals = offers<ShowsSignals>('onSignal');
export const followsConversation = offers<FollowsConversation>('onConversation');
export const showsReads = offers<ShowsReads>('onRead');
export const checksAccounts = offers<ChecksAccounts>('checkAccount');
export const tellsState = offers<TellsState>('stateOf');
export const replaysRaw = offers<ReplaysRaw>('replay');

/** The abilities that the desk may want to know of, as announced. */
export function abilitiesOf(channel: Channel): string[] {
  const abilities: [string, boolean][] = [
    ['transcript', keepsTranscript(channel)],
    ['signals', showsSignals(channel)],
    ['conversation', followsConversation(channel)],
    ['reads', showsReads(channel)],
    ['check', checksAccounts(channel)],
    ['state', tellsState(channel)],
  ];
  return abilities.filter(([, offered]) => offered).map(([name]) => name);
}
