import type { Entry } from '@yixian/contracts';
import type { Words } from '../words/zh-cn.ts';

/** What a system entry says: `payload.act` names what was done, the dictionary words it. */
export function systemWords({ payload, author, text }: Entry, words: Words): string {
  const act = textOf(payload['act']);
  const by = author.kind === 'customer' || !author.name ? words.timeline.system : author.name;
  const to =
    nameOf(payload['to']) ||
    nameOf(payload['assignee']) ||
    nameOf(payload['agent']) ||
    textOf(payload['name']);
  if (act === 'reopened' && author.kind === 'customer') return words.acts.reopenedByCustomer();
  if (act === 'assigned' && !to) return words.acts.unassigned(by);
  const worded = act in words.acts ? words.acts[act as keyof Words['acts']] : undefined;
  if (worded) return worded(by, to || textOf(payload['identity']));
  return text || words.acts.unknown(by, act);
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A person in a payload: a name, or an object with one. */
function nameOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null && 'name' in value ? textOf(value.name) : '';
}
