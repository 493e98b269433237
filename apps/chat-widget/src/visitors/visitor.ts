import type {
  AccountId,
  Address,
  Askable,
  VisitorAnswers,
  VisitorLocale,
  VisitorPage,
} from '@yixian/contracts';
import type { KnownCustomer } from '../identity-token.ts';

/** Somebody at a site's chat, as we keep them. */
export interface Visitor {
  site: AccountId;
  /** Their address on the site's account: made up by us, and no proof of anything. */
  address: Address;
  /** What the site has signed of them. */
  known?: KnownCustomer | undefined;
  /** What they said of themselves. */
  answers: VisitorAnswers;
  /** Whether they ever wrote. */
  spoke: boolean;
}

/** A visitor's browser tab, for as long as it is connected. */
export interface VisitorSession {
  visitor: Visitor;
  locale: VisitorLocale;
  page: VisitorPage | undefined;
  /** The network they come from, to count them by. */
  network: string;
  /** The hash of the token they came with. */
  tokenHash: string;
}

/** Whether we could reach them once they have left the site. */
export function isReachable({ known, answers }: Visitor): boolean {
  return Boolean(known?.email ?? known?.phone ?? (answers.email || answers.phone || answers.contact));
}

/** Everything at once: the answers of now and those of before. */
export function withAnswers(visitor: Visitor, answers: VisitorAnswers | undefined): Visitor {
  const given = Object.entries(answers ?? {}).filter(([, value]) => value !== '' && value !== undefined);
  return { ...visitor, answers: { ...visitor.answers, ...Object.fromEntries(given) } };
}

/** Whether a question is answered already. */
export const hasAnswered = ({ answers, known }: Visitor, field: Askable): boolean =>
  Boolean(answers[field]) || Boolean(field !== 'contact' && field !== 'consent' && known?.[field]);
