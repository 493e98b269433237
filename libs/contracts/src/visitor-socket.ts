import { z } from 'zod';
import { AccountId, ConversationId } from './ids.ts';
import type { EntryId } from './ids.ts';
import type { Problem } from './problem.ts';

/**
 * The visitor's socket: Socket.IO namespace `/visitor`, opened by the chat panel on our own origin.
 *
 * The handshake's `auth` is {@link VisitorAuth}. A refusal is a connect error whose `data` is the `error` of a
 * {@link Problem} (`unknown_site`, `origin_refused`, `token_invalid`, `token_expired`, `identity_required`,
 * `rate_limited`, `invalid`). Once connected the server says `joined` ({@link Joined}) before anything else.
 *
 * What was said is a transcript of lines, `position` 1..n without a gap. The browser names the last position it
 * holds when it joins and gets what it missed; a line that leaves a hole makes it ask by `history`.
 * Every request is acknowledged with its answer or with a {@link Problem}.
 */

/** The most characters a visitor's message may hold. */
export const MAX_VISITOR_TEXT = 4000;

/** Where on the site the visitor is. */
export const VisitorPage = z.object({ url: z.string().max(2000), title: z.string().max(300) });
export type VisitorPage = z.infer<typeof VisitorPage>;

export const VisitorLocale = z.enum(['zh-CN', 'en']);
export type VisitorLocale = z.infer<typeof VisitorLocale>;

export const VisitorAuth = z.object({
  site: AccountId,
  /** Of the page that embeds the panel. The browser enforces the allow-list (`frame-ancestors`); this explains. */
  origin: z.string().max(300).optional(),
  /** What `joined` gave on an earlier visit; absent or no longer known: a new visitor. */
  token: z.string().max(200).optional(),
  /** A JWT signed by the site, for a customer it knows. */
  identity: z.string().max(8192).optional(),
  /** Whose lines the browser holds, and the last position of them; 0 for none. */
  visitor: z.string().max(100).optional(),
  after: z.int().nonnegative().default(0),
  locale: VisitorLocale.default('zh-CN'),
  page: VisitorPage.optional(),
});
export type VisitorAuth = z.infer<typeof VisitorAuth>;

/** What a form before the chat may ask. `contact` is an e-mail address or a phone number, as the visitor likes. */
export const askable = ['name', 'email', 'phone', 'contact', 'consent'] as const;
export type Askable = (typeof askable)[number];
/** A question still open for this visitor. */
export interface Ask {
  field: Askable;
  required: boolean;
}

/** What the visitor says of themself. Never proof. */
export const VisitorAnswers = z.object({
  name: z.string().trim().max(100).optional(),
  email: z.string().trim().max(320).optional(),
  phone: z.string().trim().max(40).optional(),
  contact: z.string().trim().max(320).optional(),
  consent: z.boolean().optional(),
});
export type VisitorAnswers = z.infer<typeof VisitorAnswers>;

/** `say`, acknowledged with {@link Said} once the message is durable. The same nonce is the same message. */
export const Say = z.object({
  nonce: z.string().regex(/^[\w-]{8,64}$/),
  text: z.string(),
  /** Files as `POST /w/files` named them. */
  files: z.array(z.string().max(4000)).max(10).default([]),
  answers: VisitorAnswers.optional(),
});
export type Say = z.infer<typeof Say>;
export interface Said {
  id: EntryId;
}

/** `mark`: this browser holds all up to `delivered`, and its person has seen all up to `read`. */
export const Mark = z.object({ delivered: z.int().nonnegative(), read: z.int().nonnegative() });
export type Mark = z.infer<typeof Mark>;

/** `history`, acknowledged with {@link Lines}: the newest lines after `after` and before `before`. */
export const History = z.object({
  after: z.int().nonnegative().optional(),
  before: z.int().positive().optional(),
});
export type History = z.infer<typeof History>;
export interface Lines {
  lines: VisitorLine[];
}

/** `upload`, acknowledged with {@link UploadPass}: leave to POST one file. */
export const AskUpload = z.object({ name: z.string().max(255), size: z.int().nonnegative() });
export type AskUpload = z.infer<typeof AskUpload>;
export interface UploadPass {
  /** Where to POST the file as multipart form data, valid for five minutes. */
  url: string;
}
/** The answer to the POST. */
export interface Uploaded {
  /** Names the file in {@link Say}; bound to this visitor, valid for a day. */
  file: string;
  shown: VisitorFile;
}

/** `rate`: once for each conversation that was closed. */
export const Rate = z.object({
  conversationId: ConversationId,
  score: z.int().min(1).max(5),
  text: z.string().max(2000).default(''),
});
export type Rate = z.infer<typeof Rate>;
/** `dismiss`: the visitor does not want to rate it. */
export const Dismiss = z.object({ conversationId: ConversationId });
export type Dismiss = z.infer<typeof Dismiss>;

/** The answer to `continue`. */
export interface Continuation {
  /** The picture of a QR code, to be scanned with WeChat in the next five minutes. */
  picture: string;
}

/** What a request without an answer of its own is acknowledged with. */
export interface Done {
  ok: true;
}

export interface VisitorFile {
  name: string;
  type: string;
  size: number;
  url: string;
  width?: number;
  height?: number;
}

export interface VisitorLine {
  position: number;
  id: EntryId;
  /** The nonce of the visitor's own message. */
  nonce?: string;
  from: 'visitor' | 'agent' | 'bot' | 'system';
  name: string | null;
  text: string;
  files: VisitorFile[];
  at: string;
}

export interface VisitorConversation {
  id: ConversationId;
  closed: boolean;
  /** Who serves; null while nobody does. */
  agentName: string | null;
  /** Ask for a rating now. */
  survey: boolean;
}

/** `joined`: everything the panel needs to paint. */
export interface Joined {
  /** Keep it, in place of the one before. */
  token?: string;
  /** Who the browser is now. Lines held of another visitor are not this one's. */
  visitor: string;
  lines: VisitorLine[];
  /** The last position of the transcript, and how far each side has read. */
  last: number;
  readByAgent: number;
  readByVisitor: number;
  conversation: VisitorConversation | null;
  /** Whether somebody is there now; if not, since when again, when that is known. */
  staffed: boolean;
  staffedAt: string | null;
  asks: Ask[];
  maxText: number;
  maxFileBytes: number;
  serverTime: string;
}

/** What the server sends unasked. */
export interface VisitorEvents {
  joined: Joined;
  /** In order; the same line may come again. */
  lines: VisitorLine[];
  conversation: VisitorConversation;
  /** An agent types; true for five seconds. */
  typing: { name: string | null };
  /** How many wait before this visitor. 0: an agent is on the way. */
  queue: { ahead: number };
  /** An agent has read the visitor's messages up to here. */
  read: { position: number };
}

/** What the browser asks, and what it is answered. */
export interface VisitorRequests {
  say: [Say, Said];
  mark: [Mark, Done];
  history: [History, Lines];
  upload: [AskUpload, UploadPass];
  rate: [Rate, Done];
  dismiss: [Dismiss, Done];
  page: [VisitorPage, Done];
  typing: [Record<string, never>, Done];
  /** Lets this visitor go on in WeChat: `unsupported` where the site does not, `invalid` before they have written. */
  continue: [Record<string, never>, Continuation];
  /** Forgets this browser's token. */
  logout: [Record<string, never>, Done];
}
export type VisitorAnswer<E extends keyof VisitorRequests> = VisitorRequests[E][1] | Problem;

/** What the panel's page and the loader are told of a site. Public: anybody can read it. */
export const PublicSite = z.object({
  site: AccountId,
  title: z.string(),
  /** `#rrggbb`: the site's colour, the ink that can be read on it, and the colour as an ink on light and on dark. */
  color: z.string(),
  inkOnColor: z.string(),
  colorOnLight: z.string(),
  colorOnDark: z.string(),
  position: z.enum(['left', 'right']),
  locale: z.enum(['auto', 'zh-CN', 'en']),
  theme: z.enum(['auto', 'light', 'dark']),
  /** What the closed widget says after a while, and after how many seconds; 0: never. */
  greeting: z.string(),
  greetAfter: z.int().nonnegative(),
  /** What the visitor must agree to, when there is such a text. */
  consent: z.string(),
  /** Whether visitors can go on in WeChat. */
  wechat: z.boolean(),
});
export type PublicSite = z.infer<typeof PublicSite>;

/** What the loader is told of a site. */
export type LoaderSite = Pick<
  PublicSite,
  'site' | 'title' | 'color' | 'inkOnColor' | 'position' | 'locale'
> & { greeting?: string; greetAfter?: number };
