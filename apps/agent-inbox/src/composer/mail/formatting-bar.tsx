import { type Editor, useEditorState } from '@tiptap/react';
import { type ReactNode, useState } from 'react';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { useWords } from '../../words/words.tsx';

const marks = ['bold', 'italic', 'underline', 'bulletList', 'orderedList', 'blockquote'] as const;
type Mark = (typeof marks)[number];

const icons: Record<Mark, IconName> = {
  bold: 'bold',
  italic: 'italic',
  underline: 'underline',
  bulletList: 'list',
  orderedList: 'listNumbered',
  blockquote: 'quote',
};

function toggle(editor: Editor, mark: Mark): void {
  const chain = editor.chain().focus();
  const done = {
    bold: () => chain.toggleBold(),
    italic: () => chain.toggleItalic(),
    underline: () => chain.toggleUnderline(),
    bulletList: () => chain.toggleBulletList(),
    orderedList: () => chain.toggleOrderedList(),
    blockquote: () => chain.toggleBlockquote(),
  };
  done[mark]().run();
}

/** How the text looks: emphasis, lists, quotation, links. */
export function FormattingBar({ editor }: { editor: Editor }): ReactNode {
  const words = useWords();
  const [linking, setLinking] = useState(false);
  const active = useEditorState({
    editor,
    selector: ({ editor: now }) => [...marks, 'link'].filter((mark) => now.isActive(mark)).join(' '),
  });
  return (
    <span className="formatting" role="toolbar" aria-label={words.mail.formatting}>
      {marks.map((mark) => (
        <button
          key={mark}
          type="button"
          className="icon-button small"
          aria-label={words.mail.marks[mark]}
          title={words.mail.marks[mark]}
          aria-pressed={active.split(' ').includes(mark)}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => toggle(editor, mark)}
        >
          <Icon name={icons[mark]} size={16} />
        </button>
      ))}
      <button
        type="button"
        className="icon-button small"
        aria-label={words.mail.marks.link}
        title={words.mail.marks.link}
        aria-pressed={active.split(' ').includes('link')}
        aria-expanded={linking}
        onClick={() => setLinking(!linking)}
      >
        <Icon name="link" size={16} />
      </button>
      {linking && <LinkField editor={editor} onDone={() => setLinking(false)} />}
    </span>
  );
}

function LinkField({ editor, onDone }: { editor: Editor; onDone: () => void }): ReactNode {
  const words = useWords();
  const [address, setAddress] = useState(() => String(editor.getAttributes('link')['href'] ?? ''));
  const done = () => {
    const href = /^(https?:|mailto:|tel:)/i.test(address) ? address : `https://${address}`;
    const chain = editor.chain().focus().extendMarkRange('link');
    if (!address.trim()) chain.unsetLink().run();
    else if (editor.state.selection.empty && !editor.isActive('link'))
      chain.insertContent({ type: 'text', text: address, marks: [{ type: 'link', attrs: { href } }] }).run();
    else chain.setLink({ href }).run();
    onDone();
  };
  return (
    <input
      className="field link-field"
      type="url"
      placeholder="https://"
      aria-label={words.mail.linkAddress}
      autoFocus
      value={address}
      onChange={(event) => setAddress(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') {
          event.preventDefault();
          done();
        } else if (event.key === 'Escape') {
          event.stopPropagation();
          onDone();
        }
      }}
    />
  );
}
