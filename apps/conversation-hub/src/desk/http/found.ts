import { Refused } from '@yixian/service';

/** What a handler found, or a refusal that says that there is no such thing. */
export function found<T>(what: T | undefined, name: string): T {
  if (what === undefined) throw new Refused('not_found', `There is no such ${name}.`);
  return what;
}
