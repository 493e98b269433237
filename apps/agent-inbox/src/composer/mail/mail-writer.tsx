import { Placeholder } from '@tiptap/extension-placeholder';
import { EditorContent, type JSONContent, useEditor } from '@tiptap/react';
import { StarterKit } from '@tiptap/starter-kit';
import type { MailAddress, Payload } from '@yixian/contracts';
import {
  type KeyboardEvent,
  type ReactNode,
  useEffectEvent,
  useImperativeHandle,
  useMemo,
  useState,
} from 'react';
import { useDesk, useTimeline } from '../../desk/desk-context.tsx';
import { QuoteFold } from '../../timeline/mail/quote-fold.tsx';
import { MessageText } from '../../timeline/message-text.tsx';
import { useResource } from '../../ui/resource.ts';
import { useLanguage, useWords } from '../../words/words.tsx';
import type { MailDraft } from '../drafts.ts';
import { WriterFoot } from '../writer-foot.tsx';
import type { WriterProps } from '../writer.ts';
import { FormattingBar } from './formatting-bar.tsx';
import { keptAfter, mailOf } from './mail-draft.ts';
import { quotationOf, writerOfMail } from './quotation.ts';
import { RecipientsField } from './recipients-field.tsx';
import { answeredMail, ownAddresses, replyDefaults } from './reply-defaults.ts';

/** For how long a mail can be taken back, in milliseconds: nothing else can undo one. */
const HOLD = 5000;

/** A reply by mail: who gets it, what it is about, formatted text, what is answered. Ctrl or ⌘ and Enter sends. */
export function MailWriter({ ref, conversation, writing }: WriterProps): ReactNode {
  const { words, formats } = useLanguage();
  const timeline = useTimeline(conversation.contactId);
  const entries = timeline?.entries ?? none;
  const shown = useShown(conversation.account);
  const answered = useMemo(() => answeredMail(entries, conversation), [entries, conversation]);
  const defaults = useMemo(
    () => replyDefaults(entries, conversation, ownAddresses(shown.addresses, entries)),
    [entries, conversation, shown],
  );
  const begun = writing.draft.mail;
  const mail = mailOf(defaults, begun);
  const loaded = timeline !== undefined && shown.loaded;
  const kept = (changes: Partial<MailDraft>) => keptAfter(changes, { defaults, begun, loaded });
  const change = (changes: Partial<MailDraft>) => writing.change({ mail: kept(changes) });

  const editor = useEditor({
    injectCSS: false,
    extensions: [
      StarterKit.configure({ link: { openOnClick: false, autolink: true, defaultProtocol: 'https' } }),
      Placeholder.configure({ placeholder: words.mail.placeholder }),
    ],
    content: (begun?.document as JSONContent | undefined) ?? documentOf(writing.draft.reply),
    editorProps: {
      attributes: {
        class: 'composer-text mail-text',
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': words.composer.reply,
      },
      handlePaste: (_view, event) => takeFiles(event.clipboardData?.files),
      handleDrop: (_view, event) => (event.dataTransfer?.files.length ?? 0) > 0,
    },
    onUpdate: ({ editor: now }) => onText(now.getText({ blockSeparator: '\n' }), now.getJSON()),
  });
  const onText = useEffectEvent((reply: string, document: object) => {
    writing.change({ reply, mail: kept({ document }) });
    if (reply) writing.typing();
  });
  const takeFiles = useEffectEvent((files: FileList | undefined) => {
    if (!files?.length) return false;
    writing.addFiles(files);
    return true;
  });
  useImperativeHandle(ref, () => ({
    focus: () => {
      // Not the editor's own command: it waits for the next frame, and what is typed until then goes elsewhere.
      editor.commands.setTextSelection(editor.state.doc.content.size);
      editor.view.focus();
      editor.commands.scrollIntoView();
    },
    quote: (text) => {
      const content = (documentOf(text).content ?? []) as JSONContent[];
      editor.commands.insertContentAt(editor.state.doc.content.size, [
        { type: 'blockquote', content },
        { type: 'paragraph' },
      ]);
    },
  }));

  const text = writing.draft.reply;
  const sendable = mail.to.length > 0 && (text.trim() !== '' || writing.hasFiles);
  const send = () => {
    if (!sendable) return;
    const attribution = answered
      ? words.mail.wrote(writerOfMail(answered.mail), formats.full(answered.entry.occurredAt))
      : '';
    const { to, cc, bcc, subject, quotes } = mail;
    const quote = answered && quotes ? { quote: quotationOf(answered, attribution) } : {};
    const html = text.trim() ? { html: editor.getHTML() } : {};
    const { attachments } = writing;
    const [toAll, ccAll, bccAll] = [[...to], [...cc], [...bcc]];
    writing.send(() => ({
      text: text.trim(),
      attachments,
      payload: { mail: { to: toAll, cc: ccAll, bcc: bccAll, subject, ...html, ...quote } } as Payload,
      draft: { reply: text, attachments, mail: { ...mail, document: editor.getJSON() } },
      holdFor: HOLD,
    }));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
    } else if (event.key === 'Escape') editor.commands.blur();
  };
  return (
    <div
      className="mail-writer"
      data-empty={text === '' && !writing.hasFiles ? '' : undefined}
      onKeyDownCapture={onKeyDown}
    >
      <MailHead mail={mail} onChange={change} />
      <div className="mail-scroll">
        <EditorContent editor={editor} />
        {shown.signature && <p className="mail-signature">{shown.signature}</p>}
        {answered && (
          <Quoted
            text={answered.mail.text}
            included={mail.quotes}
            onIncluded={(quotes) => change({ quotes })}
          />
        )}
      </div>
      <WriterFoot
        writing={writing}
        sendable={sendable}
        onSend={send}
        problem={mail.to.length === 0 ? words.mail.noRecipient : undefined}
      >
        <FormattingBar editor={editor} />
      </WriterFoot>
    </div>
  );
}

const none: readonly never[] = [];

/** What agents may see of the mailbox: which addresses are its own, and what stands below each mail. */
function useShown(account: string): { loaded: boolean; addresses: string[]; signature: string } {
  const { faces } = useDesk();
  const loaded = useResource(faces);
  return useMemo(() => {
    const shown =
      loaded.status === 'ready' ? loaded.value.find(({ id }) => id === account)?.shown : undefined;
    const { address, aliases, signature } = { ...shown } as Record<string, unknown>;
    const addresses = [address, ...(Array.isArray(aliases) ? aliases : [])];
    return {
      loaded: loaded.status === 'ready' || loaded.status === 'failed',
      addresses: addresses.filter((one): one is string => typeof one === 'string' && one !== ''),
      signature: typeof signature === 'string' ? signature : '',
    };
  }, [loaded, account]);
}

function MailHead({
  mail,
  onChange,
}: {
  mail: MailDraft;
  onChange: (changes: Partial<MailDraft>) => void;
}): ReactNode {
  const words = useWords();
  const [asked, setAsked] = useState<'cc' | 'bcc'>();
  const shown = (line: 'cc' | 'bcc') => mail[line].length > 0 || asked === line;
  const people = (line: 'to' | 'cc' | 'bcc') => (all: MailAddress[]) => onChange({ [line]: all });
  return (
    <div className="mail-head">
      <RecipientsField label={words.mail.to} people={mail.to} onChange={people('to')}>
        {(['cc', 'bcc'] as const)
          .filter((line) => !shown(line))
          .map((line) => (
            <button key={line} type="button" className="link-button" onClick={() => setAsked(line)}>
              {words.mail[line]}
            </button>
          ))}
      </RecipientsField>
      {(['cc', 'bcc'] as const).filter(shown).map((line) => (
        <RecipientsField
          key={line}
          label={words.mail[line]}
          people={mail[line]}
          onChange={people(line)}
          autoFocus={asked === line}
        />
      ))}
      <label className="mail-line">
        <span>{words.mail.subject}</span>
        <input
          type="text"
          value={mail.subject}
          maxLength={500}
          onChange={(event) => onChange({ subject: event.target.value })}
        />
      </label>
    </div>
  );
}

function Quoted({
  text,
  included,
  onIncluded,
}: {
  text: string;
  included: boolean;
  onIncluded: (included: boolean) => void;
}): ReactNode {
  const words = useWords();
  const [unfolded, setUnfolded] = useState(false);
  return (
    <div className="mail-quote">
      <QuoteFold unfolded={unfolded} onFold={setUnfolded} />
      <label>
        <input type="checkbox" checked={included} onChange={(event) => onIncluded(event.target.checked)} />
        {words.mail.includeQuoted}
      </label>
      {unfolded && (
        <div className="mail-quoted">
          <MessageText text={text} />
        </div>
      )}
    </div>
  );
}

/** Plain text as the editor's document: a paragraph for each line. */
function documentOf(text: string): JSONContent {
  const paragraphs = text
    .split('\n')
    .map((line) =>
      line ? { type: 'paragraph', content: [{ type: 'text', text: line }] } : { type: 'paragraph' },
    );
  return { type: 'doc', content: paragraphs };
}
