import type { ReactNode } from 'react';
import { useDesk } from '../../desk/desk-context.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useLanguage } from '../../words/words.tsx';
import type { Words } from '../../words/zh-cn.ts';
import { inFull } from './mail-people.tsx';
import { bareSubject } from './mail-subject.ts';
import type { MailView } from './mail-view.ts';

/** Everything the head of a mail says, and the way to the mail as it came. */
export function MailDetails({ mail }: { mail: MailView }): ReactNode {
  const { words, formats } = useLanguage();
  const { media } = useDesk();
  const date = mail.date ? formats.full(mail.date) : '';
  const facts = [
    [words.mail.from, mail.from ? inFull(mail.from) : ''],
    [words.mail.forwardedFrom, mail.forwardedFrom ? inFull(mail.forwardedFrom) : ''],
    [words.mail.to, mail.to.map(inFull).join('\n')],
    [words.mail.cc, mail.cc.map(inFull).join('\n')],
    [words.mail.bcc, mail.bcc.map(inFull).join('\n')],
    [words.mail.replyTo, mail.replyTo.map(inFull).join('\n')],
    [words.mail.subject, mail.subject ?? ''],
    [words.mail.date, date],
    [words.mail.messageId, mail.messageId ?? ''],
    [words.mail.proof, mail.from ? proofOf(mail, words) : ''],
  ].filter(([, value]) => value);
  const name = `${bareSubject(mail.subject ?? '').slice(0, 80) || 'mail'}.eml`;
  return (
    <div className="mail-details">
      <dl className="facts">
        {facts.map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {mail.raw && (
        <a
          className="link-button"
          href={`${media(mail.raw)}&download=1&name=${encodeURIComponent(name)}`}
          download={name}
        >
          <Icon name="download" size={14} />
          {words.mail.original}
        </a>
      )}
    </div>
  );
}

function proofOf({ auth }: MailView, words: Words): string {
  if (!auth) return words.mail.notChecked;
  const checks = `SPF ${auth.spf} · DKIM ${auth.dkim} · DMARC ${auth.dmarc}`;
  return auth.verified ? `${words.mail.verified(auth.evidence)} · ${checks}` : checks;
}
