import { Injectable } from '@nestjs/common';
import type { Caller } from '../desk/http/caller.ts';
import { ApiTokens } from './api-tokens.ts';
import { sessionOfCookie } from './cookie.ts';
import { Sessions } from './sessions.ts';

interface Headers {
  authorization?: string;
  cookie?: string;
}

/** Tells who calls, whichever door they came through. */
@Injectable()
export class Access {
  constructor(
    private readonly sessions: Sessions,
    private readonly tokens: ApiTokens,
  ) {}

  /** By `Authorization: Bearer`, else by the session cookie. A token that is not valid is never made up for by a cookie. */
  async ofRequest({ authorization, cookie }: Headers): Promise<Caller | undefined> {
    if (authorization !== undefined) {
      const token = /^Bearer +([\w.~+/=-]+)$/i.exec(authorization)?.[1];
      return token === undefined ? undefined : this.tokens.find(token);
    }
    const secret = sessionOfCookie(cookie);
    return secret === undefined ? undefined : this.sessions.find(secret);
  }

  ofToken(token: string): Promise<Caller | undefined> {
    return this.tokens.find(token);
  }

  /** Those of the callers whose right to be here has not ended since. */
  async stillHere(callers: Caller[]): Promise<Set<Caller>> {
    const hashes = callers.flatMap((caller) => (caller.via === 'session' ? [caller.session] : []));
    const ids = callers.flatMap((caller) => (caller.via === 'token' ? [caller.id] : []));
    const [sessions, tokens] = await Promise.all([this.sessions.alive(hashes), this.tokens.alive(ids)]);
    return new Set(
      callers.filter((caller) =>
        caller.via === 'session' ? sessions.has(caller.session) : tokens.has(caller.id),
      ),
    );
  }
}
