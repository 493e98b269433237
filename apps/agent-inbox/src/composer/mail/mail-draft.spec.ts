import { expect, it } from '@jest/globals';
import type { MailDraft } from '../drafts.ts';
import { keptAfter, mailOf } from './mail-draft.ts';

const lin = { name: '林晓雯', address: 'lin@example.com' };
const wang = { name: '王先生', address: 'wang@example.com' };
const guessed: MailDraft = { to: [lin], cc: [], bcc: [], subject: 'Re: 订单 12', quotes: true };
const known: MailDraft = { ...guessed, cc: [wang] };

it('what is typed before the conversation is there leaves the recipients to it', () => {
  const begun = keptAfter(
    { document: { type: 'doc' } },
    { defaults: guessed, begun: undefined, loaded: false },
  );
  expect(mailOf(known, begun)).toEqual({ ...known, document: { type: 'doc' } });
});

it('what the agent chose before stays chosen', () => {
  const begun = keptAfter({ to: [wang] }, { defaults: guessed, begun: undefined, loaded: false });
  expect(mailOf(known, begun)).toEqual({ ...known, to: [wang] });
});

it('a mail that comes while the agent writes changes nobody’s recipients', () => {
  const begun = keptAfter({ subject: '发货' }, { defaults: known, begun: undefined, loaded: true });
  const newer = { ...known, to: [wang], cc: [] };
  expect(mailOf(newer, begun)).toEqual({ ...known, subject: '发货' });
});
