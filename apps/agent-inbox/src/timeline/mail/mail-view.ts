import type {
  Entry,
  MailAddress,
  MailAttachment,
  MailAuth,
  MailBounce,
  MailEvent,
  MailPayload,
} from '@yixian/contracts';

export type MailBadge = NonNullable<MailPayload['badges']>[number];

/** A mail as the timeline shows it, received or sent. */
export interface MailView {
  /** Absent: as the mail before. */
  subject: string | undefined;
  /** Absent on a mail of ours. */
  from: MailAddress | undefined;
  to: readonly MailAddress[];
  cc: readonly MailAddress[];
  bcc: readonly MailAddress[];
  replyTo: readonly MailAddress[];
  /** What it says anew. */
  text: string;
  /** What it repeats of earlier mails; may be empty. */
  quoted: string;
  /** All of a received mail, quotation and all; of a mail of ours what was written. Null where plain text is all. */
  html: string | null;
  /** What the parts of a received mail are: which of the entry's attachments stand inside the text. */
  parts: readonly MailAttachment[];
  auth: MailAuth | null;
  auto: MailPayload['auto'];
  bounce: MailBounce | undefined;
  events: readonly MailEvent[];
  badges: readonly MailBadge[];
  /** Who wrote what was forwarded. */
  forwardedFrom: MailAddress | undefined;
  messageId: string | null;
  /** By the sender's clock. */
  date: string | null;
  /** The key of the mail as it came. */
  raw: string | undefined;
}

type Loose = Record<string, unknown>;

const sent: Omit<MailView, 'subject' | 'to' | 'cc' | 'bcc' | 'text' | 'quoted' | 'html'> = {
  from: undefined,
  replyTo: [],
  parts: [],
  auth: null,
  auto: false,
  bounce: undefined,
  events: [],
  badges: [],
  forwardedFrom: undefined,
  messageId: null,
  date: null,
  raw: undefined,
};

/** The mail that an entry is; `undefined` when it is none. Whatever a payload lacks or bends is taken as absent. */
export function mailViewOf({ payload, text }: Pick<Entry, 'payload' | 'text'>): MailView | undefined {
  const mail = payload['mail'];
  if (isObject(mail)) {
    const quote = isObject(mail['quote']) ? mail['quote'] : {};
    return {
      ...sent,
      subject: stringOf(mail['subject']) || undefined,
      to: addresses(mail['to']),
      cc: addresses(mail['cc']),
      bcc: addresses(mail['bcc']),
      text,
      quoted: stringOf(quote['text']),
      html: stringOf(mail['html']) || null,
    };
  }
  const [from] = addresses([payload['from']]);
  if (!from || !Array.isArray(payload['to']) || typeof payload['visibleText'] !== 'string') return undefined;
  return received(payload as Loose, from, text);
}

function received(payload: Loose, from: MailAddress, text: string): MailView {
  return {
    subject: stringOf(payload['subject']),
    from,
    to: addresses(payload['to']),
    cc: addresses(payload['cc']),
    bcc: [],
    replyTo: addresses(payload['replyTo']),
    text: stringOf(payload['visibleText']) || text,
    quoted: stringOf(payload['quotedText']),
    html: stringOf(payload['html']) || null,
    parts: objects<MailAttachment>(payload['attachments']).filter(({ sha256 }) => typeof sha256 === 'string'),
    auth: isObject(payload['auth']) ? (payload['auth'] as MailAuth) : null,
    auto: isAuto(payload['auto']) ? payload['auto'] : false,
    bounce: isObject(payload['bounce']) ? (payload['bounce'] as MailBounce) : undefined,
    events: objects<MailEvent>(payload['events']),
    badges: Array.isArray(payload['badges']) ? payload['badges'].filter(isBadge) : [],
    forwardedFrom: addresses([payload['forwardedFrom']])[0],
    messageId: stringOf(payload['messageId']) || null,
    date: stringOf(payload['date']) || null,
    raw: isObject(payload['raw']) ? stringOf(payload['raw']['key']) || undefined : undefined,
  };
}

/** Whether the sender is not who the mail says, as far as anybody can tell. A mail that proves nothing is not that. */
export function isForged({ auth }: Pick<MailView, 'auth'>): boolean {
  return Boolean(auth && !auth.verified && [auth.spf, auth.dkim, auth.dmarc].includes('fail'));
}

const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const objects = <T>(value: unknown): T[] => (Array.isArray(value) ? (value.filter(isObject) as T[]) : []);
const isAuto = (value: unknown): value is MailPayload['auto'] =>
  typeof value === 'string' && ['auto-reply', 'list', 'bounce'].includes(value);
const isBadge = (value: unknown): value is MailBadge =>
  typeof value === 'string' && ['encrypted', 'signed', 'damaged', 'shortened'].includes(value);

function addresses(value: unknown): MailAddress[] {
  return objects<Loose>(value)
    .map(({ name, address }) => ({ name: stringOf(name), address: stringOf(address) }))
    .filter(({ name, address }) => name !== '' || address !== '');
}
