import type { Author, Role } from '@yixian/contracts';

/** Who does something to the record: a person at the desk, a program with a token, or the hub itself. */
export interface Actor {
  kind: 'agent' | 'token' | 'system';
  id: string;
  name: string;
  role: Role;
}

/** The actor as the author of an entry. What a program writes is a bot's. */
export function authorOf({ kind, id, name }: Actor): Author & { kind: 'agent' | 'bot' | 'system' } {
  return { kind: kind === 'token' ? 'bot' : kind, id, name };
}
