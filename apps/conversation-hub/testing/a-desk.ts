import type {
  Agent,
  Clock,
  Conversation,
  ConversationId,
  CreateAgent,
  InboundEvent,
  Role,
  Session,
} from '@yixian/contracts';
import { outboundTopic, topics } from '@yixian/contracts';
import type { Database } from '@yixian/database';
import type { App } from '@yixian/service';
import { startTestApps } from '@yixian/service/testing';
import { conversationHub } from '../src/app.ts';
import { Agents } from '../src/agents/agents.ts';
import { theHub } from '../src/agents/first-admin.ts';
import { Conversations } from '../src/conversations/conversations.ts';
import { Intake } from '../src/intake/intake.ts';
import { chat } from './record.ts';

/** A hub that was really started, and ways to be somebody at it. */
export interface Desk extends Awaited<ReturnType<typeof startTestApps>> {
  /** Without any login. */
  stranger: Visitor;
  /** A new agent of the role, logged in. */
  logIn(role: Role, wanted?: Partial<CreateAgent>): Promise<LoggedIn>;
  /** Takes in what customers did, as if their channel had published it, and gives their conversations. */
  take(events: InboundEvent[]): Promise<Conversation[]>;
}

export interface Answer<T = unknown> {
  status: number;
  body: T;
  headers: Headers;
}

/** Sends requests with the same headers each time. */
export class Visitor {
  constructor(
    readonly url: string,
    readonly headers: Record<string, string> = {},
  ) {}

  get = <T>(path: string, headers = {}) => this.send<T>('GET', path, undefined, headers);
  post = <T>(path: string, body: unknown = {}) => this.send<T>('POST', path, body);
  patch = <T>(path: string, body: unknown) => this.send<T>('PATCH', path, body);
  delete = <T>(path: string) => this.send<T>('DELETE', path);

  async send<T>(method: string, path: string, body?: unknown, headers = {}): Promise<Answer<T>> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...this.headers,
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    return {
      status: response.status,
      body: (isJson ? JSON.parse(text) : text) as T,
      headers: response.headers,
    };
  }
}

export class LoggedIn extends Visitor {
  constructor(
    url: string,
    readonly session: Session,
    readonly cookie: string,
  ) {
    super(url, { cookie, 'x-csrf-token': session.csrf });
  }
}

const PASSWORD = 'a very long password';
let made = 0;

/** Starts a hub on a fresh database. `stop()` it after the tests. */
export async function aDesk(
  options: { clock?: Clock; database?: Database; env?: Record<string, string> } = {},
): Promise<Desk> {
  const hub = { ...conversationHub, topics: [outboundTopic(chat)] };
  const running = await startTestApps([hub as App], options);
  const stranger = new Visitor(running.url);
  return {
    ...running,
    stranger,
    async logIn(role, wanted = {}) {
      const agent = await anAgent(running, role, wanted);
      return logIn(stranger, { email: agent.email, password: wanted.password ?? PASSWORD });
    },
    take: (events) => take(running, events),
  };
}

/** Logs in by the API, as the inbox does. */
export async function logIn(
  stranger: Visitor,
  credentials: { email: string; password: string },
): Promise<LoggedIn> {
  const answer = await stranger.post<Session>('/api/session', credentials);
  if (answer.status !== 200) throw new Error(`Not logged in: ${JSON.stringify(answer.body)}`);
  const cookie = answer.headers.get('set-cookie')!.split(';')[0]!;
  return new LoggedIn(stranger.url, answer.body, cookie);
}

async function anAgent(running: Pick<Desk, 'get'>, role: Role, wanted: Partial<CreateAgent>): Promise<Agent> {
  made += 1;
  const agent = {
    name: `Agent ${made}`,
    email: `agent-${made}@shop.example`,
    locale: 'en',
    password: PASSWORD,
  } as const;
  const outcome = await running.get(Agents).create({ ...agent, ...wanted, role }, theHub);
  if (!outcome || 'refused' in outcome) throw new Error('The agent could not be made.');
  return outcome;
}

/** By a group of its own, so that it does not get in the way of the hub's. */
async function take(
  running: Omit<Desk, 'stranger' | 'logIn' | 'take'>,
  events: InboundEvent[],
): Promise<Conversation[]> {
  const topic = topics.inbound.name;
  const [cursor] = await running.database.query<{ at: number }>(
    `select next_offset as at from bus.cursor where grp = 'by-hand' and topic = $1 and partition = 0`,
    [topic],
  );
  const [from, to] = [cursor?.at ?? null, (cursor?.at ?? 0) + events.length];
  await running.get(Intake).take({
    topic,
    partition: 0,
    events: events.map((data, n) => ({ offset: (from ?? 0) + n, key: '', headers: {}, data })),
    cursor: { group: 'by-hand', topic, partition: 0, from, to },
  });
  return Promise.all(events.map((event) => conversationOf(running, event)));
}

async function conversationOf(
  running: Pick<Desk, 'database' | 'get'>,
  event: InboundEvent,
): Promise<Conversation> {
  const [row] = await running.database.query<{ id: ConversationId }>(
    `select id from hub.conversation where channel = $1 and account = $2 and address = $3 order by created_at desc limit 1`,
    [event.channel, event.account, event.address],
  );
  return (await running.get(Conversations).find(row!.id))!;
}
