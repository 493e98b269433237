import type { Contact, Conversation } from '@yixian/contracts';
import type { Words } from '../words/zh-cn.ts';

/** What a customer is called: the name, else an address people can read, else a short mark. */
export function contactName(
  of: Pick<Conversation, 'contactName' | 'address' | 'contactId'>,
  words: Words,
): string {
  return of.contactName || readable(of.address) || words.unnamed(of.contactId.slice(-4));
}

export function nameOfContact(contact: Contact, words: Words): string {
  const addresses = contact.identities.map((identity) => identity.displayName || readable(identity.address));
  return contact.name || addresses.find(Boolean) || words.unnamed(contact.id.slice(-4));
}

const readable = (address: string): string | undefined => (/^\+|@/.test(address) ? address : undefined);
