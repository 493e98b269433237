import type { ReactNode } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { useWords } from '../words/words.tsx';
import type { Words } from '../words/zh-cn.ts';
import { Keys } from './keys.tsx';

type Row = [
  shortcut: string,
  name: Exclude<keyof Words['shortcuts'], 'title' | 'afterwards' | 'global' | 'conversation'>,
];

const everywhere: Row[] = [
  ['mod+k', 'palette'],
  ['/', 'search'],
  ['j', 'next'],
  ['k', 'previous'],
  ['enter', 'open'],
  ['escape', 'back'],
  ['g m', 'goMine'],
  ['g u', 'goUnassigned'],
  ['g a', 'goAll'],
  ['g c', 'goClosed'],
  ['g s', 'goSettings'],
  ['?', 'sheet'],
];
const conversation: Row[] = [
  ['r', 'reply'],
  ['n', 'note'],
  ['enter', 'send'],
  ['e', 'close'],
  ['shift+e', 'reopen'],
  ['a', 'assign'],
  ['i', 'assignMe'],
  ['\\', 'context'],
  ['end', 'newest'],
];

/** All shortcuts at a glance. */
export function ShortcutSheet({ onClose }: { onClose: () => void }): ReactNode {
  const words = useWords();
  return (
    <Dialog title={words.shortcuts.title} onClose={onClose} className="wide">
      <div className="shortcut-columns">
        <Column title={words.shortcuts.global} rows={everywhere} />
        <Column title={words.shortcuts.conversation} rows={conversation} />
      </div>
    </Dialog>
  );
}

function Column({ title, rows }: { title: string; rows: Row[] }): ReactNode {
  const { shortcuts } = useWords();
  return (
    <section>
      <h3>{title}</h3>
      <dl className="shortcut-list">
        {rows.map(([shortcut, name]) => (
          <div key={shortcut}>
            <dt>{shortcuts[name]}</dt>
            <dd>
              <Keys shortcut={shortcut} then={shortcuts.afterwards} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
