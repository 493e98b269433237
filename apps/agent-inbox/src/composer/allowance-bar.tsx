import type { Conversation } from '@yixian/contracts';
import { type ReactNode, useState } from 'react';
import { useDesk } from '../desk/desk-context.tsx';
import { Icon } from '../ui/icon.tsx';
import { useNow } from '../ui/now.ts';
import { useLanguage } from '../words/words.tsx';
import type { Words } from '../words/zh-cn.ts';
import { allowanceAt, partsOf } from './allowance.ts';
import { alternativeOf } from './alternatives.ts';
import type { Writing } from './use-writing.ts';

interface AllowanceProps {
  conversation: Conversation;
  writing: Writing;
}

/** Whether what is written may be sent now. */
export function useAllowed({ conversation, writing }: AllowanceProps): boolean {
  const { allowance } = conversation;
  const { sync } = useDesk();
  const parts = partsOf(writing.draft.reply, writing.attachments.length + writing.uploads.length);
  return useNow((now) => {
    if (!allowance || writing.draft.mode === 'note') return true;
    const { closed, short } = allowanceAt(allowance, now + sync.skew, parts);
    return !closed && !short;
  });
}

/** How much the channel lets us write now, why not more, and what remains then. Nothing where there is no bound. */
export function AllowanceBar({ conversation, writing }: AllowanceProps): ReactNode {
  const { words, formats } = useLanguage();
  const { sync } = useDesk();
  const { allowance } = conversation;
  const parts = partsOf(writing.draft.reply, writing.attachments.length + writing.uploads.length);
  const text = useNow((now) => {
    if (!allowance) return '';
    const { closed, short, left, remaining } = allowanceAt(allowance, now + sync.skew, parts);
    if (closed) return words.allowance.closed(reasonOf(allowance.reason, words));
    return [
      left !== null && words.allowance.left(formats.number(left)),
      remaining !== null && words.allowance.remaining(formats.remaining(remaining)),
      short && words.allowance.short(formats.number(parts)),
    ]
      .filter(Boolean)
      .join(' · ');
  });
  const tone = useNow((now) => {
    if (!allowance) return undefined;
    const { closed, short, left, remaining } = allowanceAt(allowance, now + sync.skew, parts);
    if (closed || short) return 'late';
    return (left ?? 9) <= 1 || (remaining ?? Infinity) < 3_600_000 ? 'warn' : undefined;
  });
  if (!allowance || !text) return null;
  return (
    <div className="allowance" data-tone={tone} role="status">
      <Icon name={tone === 'late' ? 'alert' : 'clock'} size={14} />
      <span>{text}</span>
      {tone === 'late' && (
        <Alternatives codes={allowance.alternatives} conversation={conversation} writing={writing} />
      )}
    </div>
  );
}

/** Without a reason of the channel's own: what is known anyway. */
function reasonOf(reason: string | null, { allowance, delivery }: Words): string {
  const code = reason ?? 'window_closed';
  return allowance.reasons[code] ?? delivery.reasons[code] ?? code;
}

function Alternatives({ codes, ...props }: AllowanceProps & { codes: readonly string[] }): ReactNode {
  const { words } = useLanguage();
  const [open, setOpen] = useState<string>();
  const Form = open === undefined ? undefined : alternativeOf(open);
  return (
    <span className="allowance-others">
      {codes
        .filter((code) => alternativeOf(code))
        .map((code) => (
          <button key={code} type="button" className="button small" onClick={() => setOpen(code)}>
            {words.allowance.alternatives[code] ?? code}
          </button>
        ))}
      {Form && <Form {...props} onClose={() => setOpen(undefined)} />}
    </span>
  );
}
