import type { Agent, CreateAgent, Role, Session } from '@yixian/contracts';
import type { Clock } from '@yixian/contracts';
import { startTestApps } from '@yixian/service/testing';
import { conversationHub } from '../../app.ts';
import { Agents } from '../../agents/agents.ts';
import { theHub } from '../../agents/first-admin.ts';

/** A hub that was really started, and ways to be somebody at it. */
export interface Desk extends Awaited<ReturnType<typeof startTestApps>> {
  /** Without any login. */
  stranger: Visitor;
  /** A new agent of the role, logged in. */
  logIn(role: Role, wanted?: Partial<CreateAgent>): Promise<LoggedIn>;
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
export async function aDesk(options: { clock?: Clock; env?: Record<string, string> } = {}): Promise<Desk> {
  const running = await startTestApps([conversationHub], options);
  const stranger = new Visitor(running.url);
  return {
    ...running,
    stranger,
    async logIn(role, wanted = {}) {
      const agent = await anAgent(running, role, wanted);
      return logIn(stranger, { email: agent.email, password: wanted.password ?? PASSWORD });
    },
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
  if ('refused' in outcome) throw new Error(outcome.refused);
  return outcome;
}
