import type { ReactNode } from 'react';
import { Icon } from '../../ui/icon.tsx';
import { useWords } from '../../words/words.tsx';
import { isForged, type MailView } from './mail-view.ts';

/** What an agent must know before believing or answering a mail. */
export function MailMarks({ mail }: { mail: MailView }): ReactNode {
  const words = useWords();
  const { auto, bounce, badges } = mail;
  const forged = isForged(mail);
  if (!forged && !auto && badges.length === 0) return null;
  return (
    <div className="mail-marks">
      {forged && (
        <span className="mark" data-tone="late" title={words.mail.forgedHint}>
          <Icon name="alert" size={14} />
          {words.mail.forged}
        </span>
      )}
      {auto && (
        <span className="mark" title={words.mail.autoHint}>
          <Icon name="refresh" size={14} />
          {words.mail.auto[auto]}
        </span>
      )}
      {bounce && (
        <span className="mark" data-tone="late">
          {words.mail.bounce[bounce.kind] ?? words.mail.bounce.unknown}
          {bounce.status && ` · ${bounce.status}`}
        </span>
      )}
      {badges.map((badge) => (
        <span
          key={badge}
          className="mark"
          data-tone={badge === 'damaged' || badge === 'shortened' ? 'warn' : undefined}
        >
          <Icon name={badge === 'damaged' || badge === 'shortened' ? 'alert' : 'lock'} size={14} />
          {words.mail.badges[badge]}
        </span>
      ))}
    </div>
  );
}
