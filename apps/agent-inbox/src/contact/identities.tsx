import type { Contact, Identity } from '@yixian/contracts';
import { type ReactNode, useState } from 'react';
import { useDesk, useDeskState } from '../desk/desk-context.tsx';
import { reasonWords } from '../timeline/reason-words.ts';
import { useAccountName } from '../ui/account-faces.ts';
import { ChannelIcon, useChannel } from '../ui/channel-icon.tsx';
import { Icon } from '../ui/icon.tsx';
import { useNow } from '../ui/now.ts';
import { useLanguage, useWords } from '../words/words.tsx';
import { proofWords } from './claim-words.ts';
import { LinkDialog } from './link-dialog.tsx';
import { linkedIdentities } from './linked-identities.ts';
import { UnlinkDialog } from './unlink-dialog.tsx';

/** By which addresses the customer is known, with a way to link more and to take a link back. */
export function Identities({ contact }: { contact: Contact }): ReactNode {
  const words = useWords();
  const [linking, setLinking] = useState(false);
  const [unlinking, setUnlinking] = useState<Identity>();
  const links = useDeskState((state) => state.details.get(contact.id)?.links);
  const linked = linkedIdentities(links ?? [], contact.id);
  return (
    <section className="contact-section">
      <h3>{words.contact.identities}</h3>
      <ul className="identity-list">
        {contact.identities.map((identity) => (
          <IdentityItem
            key={identity.id}
            identity={identity}
            onUnlink={linked.has(identity.id) ? () => setUnlinking(identity) : undefined}
          />
        ))}
      </ul>
      <button type="button" className="button small" onClick={() => setLinking(true)}>
        <Icon name="link" size={15} />
        {words.contact.link}
      </button>
      {linking && <LinkDialog contact={contact} onClose={() => setLinking(false)} />}
      {unlinking && (
        <UnlinkDialog contact={contact} identity={unlinking} onClose={() => setUnlinking(undefined)} />
      )}
    </section>
  );
}

function IdentityItem({
  identity,
  onUnlink,
}: {
  identity: Identity;
  onUnlink: (() => void) | undefined;
}): ReactNode {
  const { words, formats } = useLanguage();
  const { sync } = useDesk();
  const { name } = useChannel(identity.channel);
  const accountName = useAccountName();
  const { lastSeenAt } = identity;
  const seen = useNow((now) =>
    lastSeenAt ? words.contact.lastSeen(formats.ago(lastSeenAt, now + sync.skew)) : '',
  );
  return (
    <li className="identity">
      <ChannelIcon channel={identity.channel} size={16} />
      <div className="identity-text">
        <span className="identity-address" title={identity.address}>
          {identity.displayName || identity.address}
        </span>
        <span className="faint">
          {name} · {accountName(identity.account)}
          {seen && ` · ${seen}`}
        </span>
        {identity.undeliverable && <Undeliverable undeliverable={identity.undeliverable} />}
        {identity.claims.map((claim) => (
          <span key={claim.kind + claim.value} className="claim">
            {proofWords(claim, words)}
            <Verified verified={claim.verified} />
          </span>
        ))}
      </div>
      {onUnlink && (
        <button
          type="button"
          className="icon-button small"
          aria-label={words.contact.unlink}
          title={words.contact.unlink}
          onClick={onUnlink}
        >
          <Icon name="unlink" size={15} />
        </button>
      )}
    </li>
  );
}

function Undeliverable({
  undeliverable,
}: {
  undeliverable: NonNullable<Identity['undeliverable']>;
}): ReactNode {
  const { words, formats } = useLanguage();
  const { reason, at } = undeliverable;
  return (
    <span className="undeliverable" title={words.contact.undeliverableSince(formats.full(at))}>
      <Icon name="alert" size={13} />
      {words.contact.undeliverable(reasonWords(reason, words))}
    </span>
  );
}

function Verified({ verified }: { verified: boolean }): ReactNode {
  const words = useWords();
  return (
    <span className="verified" data-on={verified ? '' : undefined}>
      {verified && <Icon name="check" size={12} />}
      {verified ? words.contact.verified : words.contact.unverified}
    </span>
  );
}
