import type { MailDraft } from '../drafts.ts';

/** The mail being written: what a reply has by itself, under what the agent changed. */
export const mailOf = (defaults: MailDraft, begun: Partial<MailDraft> | undefined): MailDraft => ({
  ...defaults,
  ...begun,
});

/**
 * What is kept of it after a change. All of it, so that a mail that comes while the agent writes changes nobody's
 * recipients; but the change alone while the conversation is still loading, since who is to get it is not known yet.
 */
export const keptAfter = (
  changes: Partial<MailDraft>,
  of: { defaults: MailDraft; begun: Partial<MailDraft> | undefined; loaded: boolean },
): Partial<MailDraft> => ({ ...(of.loaded ? mailOf(of.defaults, of.begun) : of.begun), ...changes });
