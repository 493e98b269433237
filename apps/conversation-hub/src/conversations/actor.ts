import type { Role } from '@yixian/contracts';

/** Who does something to the record: a person at the desk, a program with a token, or the hub itself. */
export interface Actor {
  kind: 'agent' | 'token' | 'system';
  id: string;
  name: string;
  role: Role;
}
