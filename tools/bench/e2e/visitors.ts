import type { Conversation } from '@yixian/contracts';
import { NamespaceSocket } from './namespace-socket.ts';
import type { Ears, Meeting, Speaker } from './people.ts';

/** The site that a fresh installation has. */
const SITE = 'demo';
/** Contacts that one agent may watch. */
const WATCHED = 50;

/** What a browser is told that was too slow: what waited for it was dropped. */
const RESYNC = '["resync"';

/**
 * Visitors of a site, and an agent who opens every conversation once they have all begun one, and who loads the newest
 * page of each when told to begin anew, as the inbox does.
 */
export const visitorsAndAgent: Meeting = async ({ port, token, visitors }, ears) => {
  const speakers: Speaker[] = [];
  for (let index = 0; index < visitors; index++) speakers.push(await visitor(port, ears));
  const desk = new DeskPages(port, token);
  const hear = (frame: Buffer): void => {
    ears.onFrame(frame);
    if (!frame.includes(RESYNC)) return;
    ears.onBehind();
    desk.reload(ears.onFrame).catch((error: Error) => ears.onProblem(error.message));
  };
  const agent = await entered(port, '/agent', { token }, hear, ears);
  await new Promise<void>((resolve) => agent.ask('sync', {}, () => resolve()));
  return { speakers, settle: () => watchAll(desk, agent) };
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

/** What the agent reads by HTTP. */
class DeskPages {
  private watched: string[] = [];

  constructor(
    private readonly port: number,
    private readonly token: string,
  ) {}

  /** The contacts to be watched. */
  async contacts(): Promise<string[]> {
    const { conversations } = (await (await this.get('conversations?view=all&limit=200')).json()) as {
      conversations: Conversation[];
    };
    this.watched = conversations.slice(0, WATCHED).map(({ contactId }) => contactId);
    return this.watched;
  }

  async reload(onPage: (page: Buffer) => void): Promise<void> {
    for (const contact of this.watched) {
      const page = await this.get(`contacts/${contact}/timeline?limit=100`);
      onPage(Buffer.from(await page.arrayBuffer()));
    }
  }

  private async get(path: string): Promise<Response> {
    const headers = { authorization: `Bearer ${this.token}` };
    const answer = await fetch(`http://127.0.0.1:${this.port}/api/${path}`, { headers });
    if (!answer.ok) throw new Error(`The desk answers ${answer.status} to ${path}.`);
    return answer;
  }
}

async function watchAll(desk: DeskPages, agent: NamespaceSocket): Promise<void> {
  for (const contactId of await desk.contacts())
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
