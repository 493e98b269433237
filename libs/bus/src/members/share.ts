/** What the database says about one group on one topic. */
export interface Standing {
  partitions: number;
  /** The members of the group that are alive, this one among them. */
  members: readonly string[];
  /** Partition → the member that holds it, alive or not. */
  owners: ReadonlyMap<number, string>;
}

/** What a member should do now to come closer to its fair share. */
export interface Step {
  held: number[];
  claim: number[];
  release: number[];
}

/**
 * Every member works out the same shares by itself: the partitions in equal parts, one more for those who come first
 * by id. Whoever holds more gives up the rest, whoever holds fewer takes what is free; nobody waits for a vote.
 */
export function nextStep(me: string, { partitions, members, owners }: Standing): Step {
  const order = [...members].sort();
  const all = Array.from({ length: partitions }, (_, partition) => partition);
  const held = all.filter((partition) => owners.get(partition) === me);
  const free = all.filter((partition) => !order.includes(owners.get(partition) ?? ''));
  const rank = order.indexOf(me);
  const share = Math.floor(partitions / order.length) + (rank < partitions % order.length ? 1 : 0);
  return { held, claim: free.slice(0, Math.max(0, share - held.length)), release: held.slice(share) };
}
