import type { ContactId, IdentityId, IdentityLink } from '@yixian/contracts';

/** The identities that stand with this contact because of a link that was not undone. */
export function linkedIdentities(
  links: readonly IdentityLink[],
  contactId: ContactId,
): ReadonlySet<IdentityId> {
  const undone = new Set(links.map((link) => link.undoes));
  return new Set(
    links
      .filter((link) => link.act === 'link' && link.to === contactId && !undone.has(link.id))
      .map((link) => link.identityId),
  );
}
