import { Resolver } from 'node:dns/promises';
import type { Clock } from '@yixian/contracts';

/** As mailauth asks it: names and record types, answers as `node:dns` gives them, failures with its codes. */
export type DnsResolver = (name: string, type: string) => Promise<string[][] | string[]>;

const ANSWER_MS = 2_000;
const KEPT_MS = 60_000;
const MOST_KEPT = 2_000;
/** After the name server did not answer, nobody is asked for so long: mail must not wait for it each time. */
const AWAY_MS = 30_000;
/** These are answers: there is no such name or record. */
const isAnswer = (code: string | undefined): boolean => code === 'ENOTFOUND' || code === 'ENODATA';

/** The name servers of this machine, asked within bounds. */
export function systemResolver(): DnsResolver {
  const resolver = new Resolver({ timeout: ANSWER_MS, tries: 1 });
  return (name, type) => resolver.resolve(name, type) as Promise<string[][] | string[]>;
}

/** Asks `resolver`, but the same not twice in a minute, and not at all for a while after it did not answer. */
export function guardedResolver(resolver: DnsResolver, clock: Clock): DnsResolver {
  const kept = new Map<string, { at: number; answer: Promise<string[][] | string[]> }>();
  let awayUntil = 0;
  const ask = async (name: string, type: string) => {
    try {
      return await resolver(name, type);
    } catch (error) {
      if (!isAnswer((error as NodeJS.ErrnoException).code)) awayUntil = clock.monotonic() + AWAY_MS;
      throw error;
    }
  };
  return (name, type) => {
    const now = clock.monotonic();
    const key = `${type} ${name}`;
    const known = kept.get(key);
    if (known && now - known.at < KEPT_MS) return known.answer;
    if (now < awayUntil)
      return Promise.reject(Object.assign(new Error('DNS is away.'), { code: 'ETIMEOUT' }));
    const answer = ask(name, type);
    kept.delete(key);
    kept.set(key, { at: now, answer });
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!);
    return answer;
  };
}
