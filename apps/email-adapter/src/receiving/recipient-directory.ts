import type { AccountId } from '@yixian/contracts';
import { isAmong } from '../mailbox.ts';
import type { Mailbox } from '../mailbox.ts';

/** An address apart: `support+token@shop.cn` is `support@shop.cn` with the tag `token`. */
export function splitTag(address: string): { address: string; tag: string | undefined } {
  const [, local, tag, domain] = /^([^+]+)\+(.*)@([^@]*)$/.exec(address) ?? [];
  if (!local || tag === undefined) return { address, tag: undefined };
  return { address: `${local}@${domain}`, tag };
}

/** Finds the mailbox that an address of an envelope means. An address of its own goes before a whole domain. */
export function mailboxFor(mailboxes: Iterable<Mailbox>, recipient: string): Mailbox | undefined {
  const all = [...mailboxes];
  const plain = splitTag(recipient).address.toLowerCase();
  const isOwn = ({ address, aliases }: Mailbox) =>
    [recipient.toLowerCase(), plain].some((wanted) =>
      [address, ...aliases].some((own) => own.toLowerCase() === wanted),
    );
  return all.find(isOwn) ?? all.find(({ aliases }) => isAmong(aliases, recipient));
}

/** The mailboxes that the recipients of one mail mean, each once, with the recipients that mean it. */
export function mailboxesFor(
  mailboxes: Iterable<Mailbox>,
  recipients: readonly string[],
): Map<AccountId, { mailbox: Mailbox; recipients: string[] }> {
  const all = [...mailboxes];
  const found = new Map<AccountId, { mailbox: Mailbox; recipients: string[] }>();
  for (const recipient of recipients) {
    const mailbox = mailboxFor(all, recipient);
    if (!mailbox) continue;
    const entry = found.get(mailbox.id) ?? { mailbox, recipients: [] };
    entry.recipients.push(recipient);
    found.set(mailbox.id, entry);
  }
  return found;
}
