import type { Conversation } from '@yixian/contracts';
import { NamespaceSocket } from './namespace-socket.ts';
import type { Ears, Meeting, Speaker } from './people.ts';

/** The site that a fresh installation has. */
const SITE = 'demo';
/** Contacts that one agent may watch. */
const WATCHED = 50;

/** Visitors of a site, and an agent who opens every conversation once they have all begun one. */
export const visitorsAndAgent: Meeting = async ({ port, token, visitors }, ears) => {
  const speakers: Speaker[] = [];
  for (let index = 0; index < visitors; index++) speakers.push(await visitor(port, ears));
  const agent = await entered(port, '/agent', { token }, ears.onFrame, ears);
  await new Promise<void>((resolve) => agent.ask('sync', {}, () => resolve()));
  return { speakers, settle: () => watchAll(port, token, agent) };
};

async function visitor(port: number, ears: Ears): Promise<Speaker> {
  const auth = { site: SITE, after: 0, locale: 'zh-CN' };
  const socket = await entered(port, '/visitor', auth, () => {}, ears);
  return {
    say: (number, text, answered) => {
      const nonce = `bench-${process.pid}-${number}`;
      socket.ask('say', { nonce, text, files: [] }, answered);
    },
  };
}

async function watchAll(port: number, token: string, agent: NamespaceSocket): Promise<void> {
  const url = `http://127.0.0.1:${port}/api/conversations?view=all&limit=200`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  const { conversations } = (await answer.json()) as { conversations: Conversation[] };
  for (const { contactId } of conversations.slice(0, WATCHED))
    await new Promise<void>((resolve) => agent.ask('watch', { contactId, have: [] }, () => resolve()));
}

function entered(
  port: number,
  namespace: string,
  auth: object,
  onFrame: (frame: Buffer) => void,
  { onProblem }: Ears,
): Promise<NamespaceSocket> {
  return new Promise((resolve) => {
    const socket: NamespaceSocket = new NamespaceSocket(port, namespace, auth, {
      onFrame,
      onReady: () => resolve(socket),
      onEnd: (why) => onProblem(`${namespace} ended: ${why}`),
    });
  });
}
