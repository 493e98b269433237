import type { MailAddress } from '@yixian/contracts';

/** One address: something, an @ and a domain with a dot, as the hub asks for it. */
const ADDRESS = /^[^\s<>,;:"()[\]\\]+@[^\s<>,;:"()[\]\\@]+\.[^\s<>,;:"()[\]\\@.]+$/;
/** Up to a comma or its like; not those in a quoted name. */
const PIECE = /(?:"[^"]*"|[^,;，；、\n])+/g;
const NAMED = /^(?:"?([^"<>]*?)"?\s*)?<([^<>]+)>$/;

export const isAddress = (text: string): boolean => ADDRESS.test(text);

/**
 * The people that a typed or pasted text names: `a@b.cn, "Ann" <ann@c.cn>；d@e.cn`. What is no address stays, to be
 * corrected.
 */
export function addressesIn(text: string): { people: MailAddress[]; rest: string } {
  const people: MailAddress[] = [];
  const rest: string[] = [];
  for (const [piece] of text.matchAll(PIECE)) {
    const [, name = '', address = piece.trim()] = NAMED.exec(piece.trim()) ?? [];
    if (isAddress(address.trim())) people.push({ name: name.trim(), address: address.trim() });
    else if (piece.trim()) for (const word of piece.trim().split(/\s+/)) take(word);
  }
  return { people, rest: rest.join(' ') };

  function take(word: string): void {
    if (isAddress(word)) people.push({ name: '', address: word });
    else rest.push(word);
  }
}

/** Everybody once, by address; the first name given stays. */
export function eachOnce(people: readonly MailAddress[]): MailAddress[] {
  const found = new Map<string, MailAddress>();
  for (const one of people) {
    const key = one.address.toLowerCase();
    if (key && !found.has(key)) found.set(key, one);
  }
  return [...found.values()];
}
