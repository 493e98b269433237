import {
  Account,
  AccountCheck,
  AccountFaces,
  AccountId,
  AccountList,
  Agent,
  AgentId,
  AgentList,
  ApiTokenList,
  AssignConversation,
  Attachment,
  AuditPage,
  AuditQuery,
  ChannelList,
  Contact,
  ContactDetail,
  ContactId,
  ContactPage,
  ContactQuery,
  Conversation,
  ConversationId,
  ConversationPage,
  ConversationQuery,
  CheckAccount,
  CreateAccount,
  CreateAgent,
  CreatedToken,
  CreateToken,
  DeadLetterPage,
  DeadLetterQuery,
  FirstRun,
  IdentityId,
  IdentitySuggestion,
  LinkIdentity,
  LogIn,
  PatchAccount,
  PatchAgent,
  PatchContact,
  ReadConversation,
  ReplyConflict,
  Session,
  TimelinePage,
  TimelineQuery,
  UnlinkIdentity,
  WriteMessage,
  WriteNote,
  WrittenEntry,
} from '@yixian/contracts';
import type { Role } from '@yixian/contracts';
import { z } from 'zod';
import { DeadLetterId } from '../desk/http/dead-letter-id.ts';

/** What one route takes and gives, and who may use it. Checked by the guard, described by the OpenAPI document. */
export interface Route {
  /** The least role that may; `anyone` needs no login. */
  role: Role | 'anyone';
  summary: string;
  /** Parameters of the path, by name. */
  params?: Record<string, z.ZodType>;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** A form instead of JSON. */
  form?: z.ZodObject;
  /** Of success. */
  status: 200 | 201 | 204;
  /** The answer's body; none with 204; `file` for bytes. */
  answer?: z.ZodType | 'file';
  /** Refusals that are not a plain `Problem`, by status. */
  refusals?: Record<number, z.ZodType>;
}

const conversation = { id: ConversationId };
const contact = { id: ContactId };

/** Every route of the hub. A test holds it against the controllers, both ways. */
export const routes = {
  'GET /api/first-run': {
    role: 'anyone',
    summary: 'Whether nobody can log in yet, since there is no agent',
    status: 200,
    answer: FirstRun,
  },
  'POST /api/session': {
    role: 'anyone',
    summary: 'Log in; the session cookie comes with the answer',
    body: LogIn,
    status: 200,
    answer: Session,
  },
  'GET /api/session': { role: 'agent', summary: 'Who is logged in', status: 200, answer: Session },
  'DELETE /api/session': { role: 'agent', summary: 'Log out', status: 204 },

  'GET /api/conversations': {
    role: 'agent',
    summary: 'One view of the inbox, newest first',
    query: ConversationQuery,
    status: 200,
    answer: ConversationPage,
  },
  'GET /api/conversations/:id': {
    role: 'agent',
    summary: 'One conversation',
    params: conversation,
    status: 200,
    answer: Conversation,
  },
  'POST /api/conversations/:id/messages': {
    role: 'agent',
    summary: 'Answer the customer; the same id twice is one message',
    params: conversation,
    body: WriteMessage,
    status: 201,
    answer: WrittenEntry,
    refusals: { 409: ReplyConflict },
  },
  'POST /api/conversations/:id/notes': {
    role: 'agent',
    summary: 'Write a note that only agents see',
    params: conversation,
    body: WriteNote,
    status: 201,
    answer: WrittenEntry,
  },
  'POST /api/conversations/:id/assign': {
    role: 'agent',
    summary: 'Give the conversation to an agent, or put it back among the unassigned',
    params: conversation,
    body: AssignConversation,
    status: 200,
    answer: Conversation,
  },
  'POST /api/conversations/:id/close': {
    role: 'agent',
    summary: 'Close the conversation',
    params: conversation,
    status: 200,
    answer: Conversation,
  },
  'POST /api/conversations/:id/reopen': {
    role: 'agent',
    summary: 'Open a closed conversation again',
    params: conversation,
    status: 200,
    answer: Conversation,
  },
  'POST /api/conversations/:id/read': {
    role: 'agent',
    summary: 'Say up to which entry the conversation was read',
    params: conversation,
    body: ReadConversation,
    status: 200,
    answer: Conversation,
  },

  'GET /api/contacts': {
    role: 'agent',
    summary: 'Find people by name or address',
    query: ContactQuery,
    status: 200,
    answer: ContactPage,
  },
  'GET /api/contacts/:id': {
    role: 'agent',
    summary: 'One person: identities, conversations, links, conflicts and suggestions',
    params: contact,
    status: 200,
    answer: ContactDetail,
  },
  'PATCH /api/contacts/:id': {
    role: 'agent',
    summary: 'Change a name or attributes',
    params: contact,
    body: PatchContact,
    status: 200,
    answer: Contact,
  },
  'GET /api/contacts/:id/timeline': {
    role: 'agent',
    summary: 'A page of everything that happened with this person, over all channels',
    params: contact,
    query: TimelineQuery,
    status: 200,
    answer: TimelinePage,
  },
  'POST /api/contacts/:id/links': {
    role: 'agent',
    summary: 'Link an identity to this person, with the reason',
    params: contact,
    body: LinkIdentity,
    status: 200,
    answer: ContactDetail,
  },
  'DELETE /api/contacts/:id/suggestions/:suggestionId': {
    role: 'agent',
    summary: 'Dismiss a suggestion: the two are not one person; it is not made again',
    params: { ...contact, suggestionId: IdentitySuggestion.shape.id },
    status: 200,
    answer: ContactDetail,
  },
  'DELETE /api/contacts/:id/links/:identityId': {
    role: 'agent',
    summary: 'Undo the link of an identity, with the reason',
    params: { id: ContactId, identityId: IdentityId },
    query: UnlinkIdentity,
    status: 200,
    answer: ContactDetail,
  },

  'GET /api/channels': {
    role: 'agent',
    summary: 'The channels, and what their accounts need',
    status: 200,
    answer: ChannelList,
  },
  'GET /api/account-faces': {
    role: 'agent',
    summary: 'The accounts as agents may know them: names, and the settings that are shown to agents',
    status: 200,
    answer: AccountFaces,
  },
  'GET /api/accounts': {
    role: 'supervisor',
    summary: 'The accounts of all channels, secrets masked',
    status: 200,
    answer: AccountList,
  },
  'POST /api/accounts': {
    role: 'admin',
    summary: "Make an account; its settings are checked by the channel's own schema",
    body: CreateAccount,
    status: 201,
    answer: Account,
  },
  'POST /api/accounts/check': {
    role: 'admin',
    summary: 'Let the channel try settings, saved or not; it says in words what is wrong',
    body: CheckAccount,
    status: 200,
    answer: AccountCheck,
  },
  'GET /api/accounts/:id/state': {
    role: 'admin',
    summary: 'How an account stands now, by the channel’s word: who is logged in, what has to be scanned, …',
    params: { id: AccountId },
    status: 200,
    answer: AccountCheck,
  },
  'PATCH /api/accounts/:id': {
    role: 'admin',
    summary: 'Change an account; secrets that are not given stay as they are',
    params: { id: AccountId },
    body: PatchAccount,
    status: 200,
    answer: Account,
  },
  'DELETE /api/accounts/:id': {
    role: 'admin',
    summary: 'Remove an account; its conversations stay',
    params: { id: AccountId },
    status: 204,
  },

  'GET /api/agents': { role: 'agent', summary: 'The people at the desk', status: 200, answer: AgentList },
  'POST /api/agents': {
    role: 'admin',
    summary: 'Let somebody work at the desk',
    body: CreateAgent,
    status: 201,
    answer: Agent,
  },
  'PATCH /api/agents/:id': {
    role: 'admin',
    summary: 'Change an agent; a new password or `disabled` ends their sessions',
    params: { id: AgentId },
    body: PatchAgent,
    status: 200,
    answer: Agent,
  },

  'GET /api/tokens': { role: 'admin', summary: "Programs' tokens", status: 200, answer: ApiTokenList },
  'POST /api/tokens': {
    role: 'admin',
    summary: 'Make a token; it is shown this once',
    body: CreateToken,
    status: 201,
    answer: CreatedToken,
  },
  'DELETE /api/tokens/:id': {
    role: 'admin',
    summary: 'Revoke a token',
    params: { id: z.uuid() },
    status: 204,
  },

  'GET /api/audit': {
    role: 'supervisor',
    summary: 'Who did what, newest first',
    query: AuditQuery,
    status: 200,
    answer: AuditPage,
  },
  'GET /api/dead-letters': {
    role: 'admin',
    summary: 'Events that could not be taken, newest first',
    query: DeadLetterQuery,
    status: 200,
    answer: DeadLetterPage,
  },
  'POST /api/dead-letters/:id/replay': {
    role: 'admin',
    summary: 'Publish the event again as it was',
    params: { id: DeadLetterId },
    status: 204,
  },
  'DELETE /api/dead-letters/:id': {
    role: 'admin',
    summary: 'Mark the event as not worth a replay',
    params: { id: DeadLetterId },
    status: 204,
  },

  'POST /api/uploads': {
    role: 'agent',
    summary: 'Store a file, to be attached to a message',
    form: z.object({ file: z.string().meta({ format: 'binary' }) }),
    status: 201,
    answer: Attachment,
  },
  'GET /media/remote': {
    role: 'anyone',
    summary: 'An image on the public Internet, fetched for the reader; opened by the token in the link',
    query: z.object({ u: z.url(), t: z.string() }),
    status: 200,
    answer: 'file',
  },
  'GET /media/*key': {
    role: 'anyone',
    summary: 'An attachment, opened by the token in the link',
    params: { key: z.string() },
    query: z.object({ t: z.string(), name: z.string().optional(), download: z.literal('1').optional() }),
    status: 200,
    answer: 'file',
  },
  'GET /api/openapi.json': {
    role: 'anyone',
    summary: 'This document',
    status: 200,
    answer: z.record(z.string(), z.unknown()),
  },
} as const satisfies Record<`${'GET' | 'POST' | 'PATCH' | 'DELETE'} /${string}`, Route>;

export type RouteName = keyof typeof routes;

/** The route of this name, if there is one. */
export const routeNamed = (name: string): Route | undefined =>
  Object.hasOwn(routes, name) ? routes[name as RouteName] : undefined;
