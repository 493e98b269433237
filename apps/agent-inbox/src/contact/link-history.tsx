import type { Contact } from '@yixian/contracts';
import type { ReactNode } from 'react';
import { useDeskState } from '../desk/desk-context.tsx';
import { useLanguage } from '../words/words.tsx';
import { evidenceWords } from './claim-words.ts';

/** Who linked or unlinked what, and why. */
export function LinkHistory({ contact }: { contact: Contact }): ReactNode {
  const { words, formats } = useLanguage();
  const links = useDeskState((state) => state.details.get(contact.id)?.links);
  if (!links?.length) return null;
  const addressOf = new Map(contact.identities.map((one) => [one.id, one.displayName || one.address]));
  return (
    <section className="contact-section">
      <h3>{words.contact.links}</h3>
      <ol className="link-history">
        {links.map((link) => (
          <li key={link.id}>
            <span>
              {addressOf.get(link.identityId) ?? link.identityId.slice(-4)}{' '}
              {link.act === 'link' ? words.contact.linked(link.by) : words.contact.unlinked(link.by)}
            </span>
            {link.evidence && <q>{evidenceWords(link.evidence, words)}</q>}
            <time className="faint" dateTime={link.at}>
              {formats.full(link.at)}
            </time>
          </li>
        ))}
      </ol>
    </section>
  );
}
