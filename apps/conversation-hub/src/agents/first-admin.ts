import { randomInt } from 'node:crypto';
import type { AppContext } from '@yixian/service';
import { Audit } from '../audit/audit.ts';
import type { Actor } from '../conversations/actor.ts';
import { Agents } from './agents.ts';
import { Sessions } from './sessions.ts';

export interface FirstAdmin {
  email: string;
  /** Shown once; kept as a hash. */
  password: string;
}

/** Without letters and digits that look alike. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
/** 16 of 31: 79 bits. */
const PASSWORD_LENGTH = 16;

/** The hub itself, in the audit. */
export const theHub: Actor = { kind: 'system', id: 'hub', name: 'Yixian', role: 'admin' };

/**
 * Makes an admin when there is no agent at all, and gives the credentials to show to whoever started the system.
 * `undefined` ever after, also when another process was first.
 */
export async function ensureFirstAdmin({
  database,
  clock,
}: Pick<AppContext<unknown>, 'database' | 'clock'>): Promise<FirstAdmin | undefined> {
  const agents = agentsOf({ database, clock });
  if (!(await agents.none())) return undefined;
  const credentials = { email: 'admin@example.com', password: newPassword() };
  const made = await agents.createFirst(
    { ...credentials, name: 'Admin', role: 'admin', locale: 'zh-CN' },
    theHub,
  );
  return made && credentials;
}

/** The agents, for where there is no Nest around: commands, the first start. */
export function agentsOf({ database, clock }: Pick<AppContext<unknown>, 'database' | 'clock'>): Agents {
  return new Agents(database, clock, new Sessions(database, clock), new Audit(database, clock));
}

/** A password that can be read out on the phone. */
export const newPassword = (): string =>
  Array.from({ length: PASSWORD_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
