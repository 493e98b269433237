import type { Ask } from '@yixian/contracts';
import type { Site } from '../site.ts';
import { hasAnswered, isReachable } from './visitor.ts';
import type { Visitor } from './visitor.ts';

/**
 * What this visitor has still to be asked before they write: the site's questions before the first message, and, while
 * nobody is there, a way to reach them. A customer whom the site has signed for is asked for neither name nor address.
 */
export function asksOf(site: Site, visitor: Visitor, staffed: boolean): Ask[] {
  const asks = visitor.spoke ? [] : questionsOf(site, visitor);
  const reached = isReachable(visitor) || asks.some((ask) => ask.required && isAddress(ask));
  if (!staffed && !reached)
    return [...asks.filter((ask) => !isAddress(ask)), { field: 'contact', required: true }];
  return asks;
}

const isAddress = ({ field }: Ask): boolean => field === 'email' || field === 'phone';

function questionsOf(site: Site, visitor: Visitor): Ask[] {
  const questions: [Ask['field'], string][] = [
    ['name', visitor.known ? 'off' : site.askName],
    ['email', visitor.known ? 'off' : site.askEmail],
    ['phone', visitor.known ? 'off' : site.askPhone],
    ['consent', site.consent ? 'required' : 'off'],
  ];
  return questions
    .filter(([field, asked]) => asked !== 'off' && !hasAnswered(visitor, field))
    .map(([field, asked]) => ({ field, required: asked === 'required' }));
}
