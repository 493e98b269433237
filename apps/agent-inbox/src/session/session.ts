import type { LogIn, Session as SessionAnswer } from '@yixian/contracts';
import type { DeskApi } from '../http/desk-api.ts';
import { codeOf } from '../http/request-failed.ts';
import { Observable } from '../ui/observable.ts';

/** `expired`: the hub does not know us any more; the page stays as it is until the agent logs in again. */
export type SessionState =
  { status: 'unknown' | 'out' | 'unreachable' } | { status: 'in' | 'expired'; session: SessionAnswer };

/** Who is logged in. */
export class Session {
  readonly state = new Observable<SessionState>({ status: 'unknown' });
  readonly #api: DeskApi;

  constructor(api: DeskApi) {
    this.#api = api;
    api.http.onUnauthenticated = () => this.#expire();
  }

  async resume(): Promise<void> {
    try {
      this.#enter(await this.#api.session());
    } catch (thrown) {
      this.state.set({ status: codeOf(thrown) === 'unauthenticated' ? 'out' : 'unreachable' });
    }
  }

  /** Throws RequestFailed when refused. Another agent than before gets a page of their own. */
  async logIn(login: LogIn): Promise<void> {
    const before = this.state.get();
    const session = await this.#api.logIn(login);
    if ('session' in before && before.session.agent.id !== session.agent.id) location.reload();
    else this.#enter(session);
  }

  async logOut(): Promise<void> {
    await this.#api.logOut();
    location.assign('/');
  }

  #enter(session: SessionAnswer): void {
    this.#api.http.csrf = session.csrf;
    this.state.set({ status: 'in', session });
  }

  #expire(): void {
    const { state } = this;
    const now = state.get();
    if (now.status === 'in') state.set({ status: 'expired', session: now.session });
  }
}
