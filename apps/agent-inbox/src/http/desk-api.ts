import type {
  Account,
  AccountCheck,
  AccountFaces,
  Agent,
  AgentId,
  ApiToken,
  Attachment,
  ChannelList,
  Contact,
  ContactDetail,
  ContactId,
  ContactPage,
  Conversation,
  ConversationId,
  ConversationPage,
  CheckAccount,
  CreateAccount,
  CreateAgent,
  CreatedToken,
  CreateToken,
  EntryId,
  IdentityId,
  InboxView,
  LogIn,
  PatchAccount,
  PatchAgent,
  PatchContact,
  Session,
  TimelinePage,
  WriteMessage,
  WriteNote,
  WrittenEntry,
} from '@yixian/contracts';
import type { HttpClient } from './http-client.ts';

/** Which stretch of a timeline: none of these is its newest page. */
export interface TimelineAsked {
  before?: string;
  after?: string;
  around?: EntryId;
  limit?: number;
}

/** Every request the inbox makes, each one line. */
export class DeskApi {
  constructor(readonly http: HttpClient) {}

  session = () => this.http.get<Session>('/api/session');
  logIn = (login: LogIn) => this.http.post<Session>('/api/session', login);
  logOut = () => this.http.delete<void>('/api/session');

  conversations = (view: InboxView, cursor?: string, limit = 60) =>
    this.http.get<ConversationPage>('/api/conversations', { view, cursor, limit });
  contacts = (query: string, signal?: AbortSignal) =>
    this.http.get<ContactPage>('/api/contacts', { query, limit: 20 }, signal);
  contact = (id: ContactId) => this.http.get<ContactDetail>(`/api/contacts/${id}`);
  patchContact = (id: ContactId, patch: PatchContact) =>
    this.http.patch<Contact>(`/api/contacts/${id}`, patch);
  timeline = (id: ContactId, asked: TimelineAsked = {}) =>
    this.http.get<TimelinePage>(`/api/contacts/${id}/timeline`, { limit: 60, ...asked });
  link = (id: ContactId, identityId: IdentityId, reason: string) =>
    this.http.post<ContactDetail>(`/api/contacts/${id}/links`, { identityId, reason });
  dismissSuggestion = (id: ContactId, suggestionId: string) =>
    this.http.delete<ContactDetail>(`/api/contacts/${id}/suggestions/${suggestionId}`);
  unlink = (id: ContactId, identityId: IdentityId, reason: string) =>
    this.http.delete<ContactDetail>(`/api/contacts/${id}/links/${identityId}`, { reason });

  writeMessage = (id: ConversationId, message: WriteMessage) =>
    this.http.post<WrittenEntry>(`/api/conversations/${id}/messages`, message);
  writeNote = (id: ConversationId, note: WriteNote) =>
    this.http.post<WrittenEntry>(`/api/conversations/${id}/notes`, note);
  assign = (id: ConversationId, agentId: AgentId | null) =>
    this.http.post<Conversation>(`/api/conversations/${id}/assign`, { agentId });
  close = (id: ConversationId) => this.http.post<Conversation>(`/api/conversations/${id}/close`);
  reopen = (id: ConversationId) => this.http.post<Conversation>(`/api/conversations/${id}/reopen`);
  read = (id: ConversationId, seq: number) =>
    this.http.post<Conversation>(`/api/conversations/${id}/read`, { seq });
  upload = (file: File, onProgress: (share: number) => void, signal: AbortSignal) =>
    this.http.upload<Attachment>('/api/uploads', file, onProgress, signal);

  channels = () => this.http.get<ChannelList>('/api/channels');
  accountFaces = () => this.http.get<AccountFaces>('/api/account-faces');
  accounts = () => this.http.get<{ accounts: Account[] }>('/api/accounts');
  createAccount = (account: CreateAccount) => this.http.post<Account>('/api/accounts', account);
  patchAccount = (id: string, patch: PatchAccount) => this.http.patch<Account>(`/api/accounts/${id}`, patch);
  checkAccount = (of: CheckAccount) => this.http.post<AccountCheck>('/api/accounts/check', of);
  accountState = (id: string) => this.http.get<AccountCheck>(`/api/accounts/${id}/state`);
  removeAccount = (id: string) => this.http.delete<void>(`/api/accounts/${id}`);
  agents = () => this.http.get<{ agents: Agent[] }>('/api/agents');
  createAgent = (agent: CreateAgent) => this.http.post<Agent>('/api/agents', agent);
  patchAgent = (id: AgentId, patch: PatchAgent) => this.http.patch<Agent>(`/api/agents/${id}`, patch);
  tokens = () => this.http.get<{ tokens: ApiToken[] }>('/api/tokens');
  createToken = (token: CreateToken) => this.http.post<CreatedToken>('/api/tokens', token);
  removeToken = (id: string) => this.http.delete<void>(`/api/tokens/${id}`);
}
