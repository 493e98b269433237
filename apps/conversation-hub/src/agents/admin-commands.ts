import { parseArgs } from 'node:util';
import { CreateAgent, CreateToken } from '@yixian/contracts';
import type { Agent } from '@yixian/contracts';
import type { AppContext } from '@yixian/service';
import { z } from 'zod';
import { Audit } from '../audit/audit.ts';
import type { Actor } from '../conversations/actor.ts';
import type { Agents, AgentOutcome } from './agents.ts';
import { ApiTokens } from './api-tokens.ts';
import { agentsOf, newPassword } from './first-admin.ts';

/** What was typed cannot be done; the message says why. */
export class WrongCommand extends Error {
  override readonly name = 'WrongCommand';
}

export const USAGE = `Usage:
  admin token create --role agent|supervisor|admin [--name <name>] [--expires <date and time>]
  admin token list
  admin token revoke --id <id>
  admin agent create --email <e-mail> --name <name> --role agent|supervisor|admin [--password <password>]
  admin agent list
  admin agent reset-password --email <e-mail> [--password <password>]`;

interface Given {
  id?: string;
  role?: string;
  name?: string;
  email?: string;
  password?: string;
  expires?: string;
}

interface Tools {
  agents: Agents;
  tokens: ApiTokens;
}

/** Whoever may run a command on the server, in the audit. */
const operator: Actor = { kind: 'system', id: 'command', name: 'admin command', role: 'admin' };

const commands: Record<string, (given: Given, tools: Tools) => Promise<string>> = {
  async 'token create'({ role, name = 'command line', expires: expiresAt }, { tokens }) {
    const wanted = checked(CreateToken, { role, name, ...(expiresAt && { expiresAt }) });
    const { token } = await tokens.create(wanted, operator);
    return token;
  },
  async 'token list'(_, { tokens }) {
    const lines = (await tokens.list()).map(({ id, role, name }) => `${id}  ${role}  ${name}`);
    return lines.join('\n') || 'There is no token.';
  },
  async 'token revoke'({ id }, { tokens }) {
    if (!(await tokens.revoke(checked(z.object({ id: z.uuid() }), { id }).id, operator)))
      throw new WrongCommand('There is no such token.');
    return 'Revoked.';
  },
  async 'agent create'({ email, name, role, password = newPassword() }, { agents }) {
    const wanted = checked(CreateAgent, { email, name, role, password });
    const agent = made(await agents.create(wanted, operator));
    return `${agent.name} may log in with ${agent.email} and the password ${password}`;
  },
  async 'agent list'(_, { agents }) {
    const lines = (await agents.list()).map(
      ({ email, role, name, disabled }) => `${email}  ${role}  ${name}${disabled ? '  (disabled)' : ''}`,
    );
    return lines.join('\n') || 'There is no agent.';
  },
  async 'agent reset-password'({ email = '', password = newPassword() }, { agents }) {
    const wanted = checked(CreateAgent.pick({ email: true, password: true }), { email, password });
    const agent = await agents.byEmail(wanted.email);
    if (!agent) throw new WrongCommand('There is no agent with this e-mail address.');
    made(await agents.patch(agent.id, { password: wanted.password }, operator));
    return `${agent.name} may log in with ${agent.email} and the password ${password}`;
  },
};

/** Does what the words say, and gives what to print. Throws {@link WrongCommand}. */
export async function runAdminCommand(
  words: string[],
  context: Pick<AppContext<unknown>, 'database' | 'clock'>,
): Promise<string> {
  const { positionals, values } = parsed(words);
  const command = commands[positionals.join(' ')];
  if (!command) throw new WrongCommand(USAGE);
  const { database, clock } = context;
  const tokens = new ApiTokens(database, clock, new Audit(database, clock));
  return command(values, { agents: agentsOf(context), tokens });
}

function parsed(words: string[]): { positionals: string[]; values: Given } {
  const text = { type: 'string' } as const;
  const options = { id: text, role: text, name: text, email: text, password: text, expires: text };
  try {
    return parseArgs({ args: words, options, allowPositionals: true });
  } catch (error) {
    throw new WrongCommand(`${(error as Error).message}\n${USAGE}`);
  }
}

function checked<S extends z.ZodType>(schema: S, given: unknown): z.output<S> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`);
  throw new WrongCommand(faults.join('\n'));
}

function made(outcome: AgentOutcome): Agent {
  if (outcome && 'refused' in outcome) throw new WrongCommand('Another agent has this e-mail address.');
  if (!outcome) throw new WrongCommand('There is no such agent.');
  return outcome;
}
