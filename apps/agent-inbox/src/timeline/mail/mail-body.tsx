import type { Attachment } from '@yixian/contracts';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { useDesk } from '../../desk/desk-context.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useObservable } from '../../ui/observable.ts';
import { useLanguage, useWords } from '../../words/words.tsx';
import { Attachments } from '../attachments.tsx';
import type { BodyProps } from '../body-props.ts';
import { MessageText } from '../message-text.tsx';
import { Invitation } from './invitation.tsx';
import { isFormatted } from './is-formatted.ts';
import { MailDetails } from './mail-details.tsx';
import { MailFrame } from './mail-frame.tsx';
import { MailMarks } from './mail-marks.tsx';
import { MailPeople } from './mail-people.tsx';
import { type MailView, mailViewOf } from './mail-view.ts';
import { QuoteFold } from './quote-fold.tsx';
import { trustedSenders, trustSender } from './trusted-senders.ts';

/** A mail: what it is about when that is new, who it went to, and what it says anew; the rest on demand. */
export function MailBody({ entry, newSubject, newest }: BodyProps): ReactNode {
  const words = useWords();
  const mail = useMemo(() => mailViewOf(entry), [entry]);
  const [detailed, setDetailed] = useState(false);
  const formattable = useMemo(() => mail?.html != null && isFormatted(mail.html), [mail]);
  const [formatted, setFormatted] = useState(formattable && newest);
  const [inside, setInside] = useState<ReadonlySet<string>>(none);
  if (!mail) return null;
  return (
    <div className="mail">
      <MailMarks mail={mail} />
      {newSubject !== undefined && (
        <p className="mail-subject">{newSubject || <em>{words.mail.noSubject}</em>}</p>
      )}
      <button
        type="button"
        className="mail-people"
        aria-expanded={detailed}
        title={words.mail.details}
        onClick={() => setDetailed(!detailed)}
      >
        <span>
          <MailPeople mail={mail} />
        </span>
        <Icon name="chevronDown" size={13} />
      </button>
      {detailed && <MailDetails mail={mail} />}
      {formatted ? (
        <FormattedMail mail={mail} entry={entry} onInside={setInside} />
      ) : (
        <PlainMail mail={mail} />
      )}
      {formattable && (
        <button type="button" className="link-button mail-switch" onClick={() => setFormatted(!formatted)}>
          {formatted ? words.mail.plain : words.mail.formatted}
        </button>
      )}
      {mail.events.map((event, index) => (
        <Invitation key={index} event={event} />
      ))}
      <Attachments attachments={outside(entry.attachments, mail, formatted ? inside : none)} />
    </div>
  );
}

const none: ReadonlySet<string> = new Set();

function PlainMail({ mail }: { mail: MailView }): ReactNode {
  const [unfolded, setUnfolded] = useState(false);
  return (
    <>
      {mail.text && <MessageText text={mail.text} />}
      {mail.quoted && <QuoteFold unfolded={unfolded} onFold={setUnfolded} />}
      {unfolded && (
        <div className="mail-quoted">
          <MessageText text={mail.quoted} />
        </div>
      )}
    </>
  );
}

interface FormattedProps extends Pick<BodyProps, 'entry'> {
  mail: MailView;
  /** Told which parts are shown inside the text. */
  onInside: (parts: ReadonlySet<string>) => void;
}

function FormattedMail({ mail, entry, onInside }: FormattedProps): ReactNode {
  const { words, formats } = useLanguage();
  const { media, remoteImage } = useDesk();
  const sender = mail.from?.address.toLowerCase() ?? '';
  const trusted = useObservable(trustedSenders, (all) => all.has(sender)) && mail.auth?.verified === true;
  const [asked, setAsked] = useState(false);
  const [blocked, setBlocked] = useState(0);
  const part = useCallback(
    (contentId: string) => {
      const key = keyOfPart(entry.attachments, mail, contentId);
      return key && media(key);
    },
    [entry, mail, media],
  );
  return (
    <>
      {blocked > 0 && (
        <p className="mail-blocked">
          <span>{words.mail.blocked(formats.number(blocked))}</span>
          <button type="button" className="link-button" onClick={() => setAsked(true)}>
            {words.mail.showImages}
          </button>
          {mail.auth?.verified && (
            <button type="button" className="link-button" onClick={() => trustSender(sender)}>
              {words.mail.alwaysImages}
            </button>
          )}
        </p>
      )}
      <MailFrame
        id={entry.id}
        html={mail.html ?? ''}
        quoted={mail.quoted}
        part={part}
        remote={asked || trusted ? remoteImage : undefined}
        onShown={(shown) => {
          setBlocked(shown.blocked);
          onInside(shown.parts);
        }}
      />
    </>
  );
}

/** Where the part that the HTML calls by its Content-ID is stored. */
function keyOfPart(
  attachments: readonly Attachment[],
  mail: MailView,
  contentId: string,
): string | undefined {
  const sha256 = mail.parts.find((part) => part.contentId === contentId)?.sha256;
  return attachments.find((attachment) => attachment.sha256 === sha256)?.key;
}

/** The files that do not stand inside the text already. */
function outside(
  attachments: readonly Attachment[],
  mail: MailView,
  inside: ReadonlySet<string>,
): readonly Attachment[] {
  const shown = new Set(
    mail.parts.filter((part) => inside.has(part.contentId ?? '')).map((part) => part.sha256),
  );
  return shown.size === 0 ? attachments : attachments.filter((attachment) => !shown.has(attachment.sha256));
}
