import { type ReactNode } from 'react';
import type { OutboxItem } from '../composer/outbox.ts';
import { useDesk } from '../desk/desk-context.tsx';
import { Icon } from '../ui/icon.tsx';
import { useNow } from '../ui/now.ts';
import { useObservable } from '../ui/observable.ts';
import { useLanguage } from '../words/words.tsx';
import { Attachments } from './attachments.tsx';
import { MessageText } from './message-text.tsx';

interface WaitingProps {
  item: OutboxItem;
  /** Takes the text back into the composer. */
  onEdit: (item: OutboxItem) => void;
}

/** Something this agent wrote that the hub has not confirmed, and what to do when it cannot be sent. */
export function WaitingBubble({ item, onEdit }: WaitingProps): ReactNode {
  return (
    <div
      className="bubble-row"
      data-direction={item.kind === 'note' ? 'internal' : 'out'}
      data-kind={item.kind}
    >
      <span className="bubble-who" />
      <div className="bubble-column">
        <div className="bubble-line">
          <div className="bubble" data-waiting={item.state}>
            {item.text && <MessageText text={item.text} />}
            <Attachments attachments={item.attachments} />
          </div>
        </div>
        {item.state === 'queued' && item.heldUntil ? (
          <Held item={item} onEdit={onEdit} />
        ) : item.state === 'conflict' ? (
          <Conflict item={item} onEdit={onEdit} />
        ) : item.state === 'failed' ? (
          <Failed item={item} onEdit={onEdit} />
        ) : (
          <Pending item={item} />
        )}
      </div>
    </div>
  );
}

/** Not gone yet: for some seconds it can be taken back. */
function Held({ item, onEdit }: WaitingProps): ReactNode {
  const { words, formats } = useLanguage();
  const { outbox } = useDesk();
  const left = useNow((now) => Math.max(0, Math.ceil(((item.heldUntil ?? 0) - now) / 1000)));
  if (left === 0) return <Pending item={item} />;
  return (
    <div className="send-held" role="status">
      <Icon name="clock" size={14} />
      <span>{words.mail.held(formats.number(left))}</span>
      <button type="button" className="button small" onClick={() => onEdit(item)}>
        <Icon name="undo" size={14} />
        {words.mail.undo}
      </button>
      <button type="button" className="link-button" onClick={() => outbox.release(item.id)}>
        {words.mail.sendNow}
      </button>
    </div>
  );
}

function Pending({ item }: { item: OutboxItem }): ReactNode {
  const { words } = useLanguage();
  const { sync } = useDesk();
  const online = useObservable(sync.connection, ({ status }) => status === 'online');
  const text = item.state === 'queued' && !online ? words.composer.queuedOffline : words.delivery.local;
  return (
    <span className="delivery" data-state="queued" title={text}>
      <Icon name="clock" size={14} />
      <span className={online ? 'visually-hidden' : undefined}>{text}</span>
    </span>
  );
}

function Failed({ item, onEdit }: WaitingProps): ReactNode {
  const { words } = useLanguage();
  const { outbox } = useDesk();
  return (
    <div className="send-failed" role="alert">
      <Icon name="alert" size={14} />
      <span>{words.composer.failed(words.problem[item.code ?? 'internal'])}</span>
      <button type="button" className="link-button" onClick={() => outbox.retry(item.id)}>
        {words.composer.retry}
      </button>
      <button type="button" className="link-button" onClick={() => onEdit(item)}>
        {words.composer.editAgain}
      </button>
      <button type="button" className="link-button" onClick={() => outbox.discard(item.id)}>
        {words.composer.discard}
      </button>
    </div>
  );
}

/** A colleague answered first: shows what they wrote and asks. */
function Conflict({ item, onEdit }: WaitingProps): ReactNode {
  const { words, formats } = useLanguage();
  const { outbox, sync } = useDesk();
  const rivals = item.rivals ?? [];
  const newest = rivals.at(-1);
  const ago = useNow((now) => (newest ? formats.ago(newest.recordedAt, now + sync.skew) : ''));
  const name = newest?.author.name || words.timeline.system;
  return (
    <div className="conflict" role="alert">
      <p className="conflict-title">
        <Icon name="alert" size={16} />
        {words.composer.conflict(name, ago)}
      </p>
      {rivals.slice(-3).map((rival) => (
        <blockquote key={rival.id} className="conflict-wrote">
          {rival.text || rival.attachments.map((attachment) => attachment.name).join(', ')}
        </blockquote>
      ))}
      <div className="button-row">
        <button type="button" className="button primary small" onClick={() => outbox.retry(item.id, true)}>
          {words.composer.sendAnyway}
        </button>
        <button type="button" className="button small" onClick={() => onEdit(item)}>
          {words.composer.editAgain}
        </button>
        <button type="button" className="button quiet small" onClick={() => outbox.discard(item.id)}>
          {words.composer.discard}
        </button>
      </div>
    </div>
  );
}
