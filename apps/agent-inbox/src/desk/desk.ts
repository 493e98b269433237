import type { AccountFace, Agent, Session as SessionAnswer } from '@yixian/contracts';
import { type Clock, systemClock } from '@yixian/contracts/clock';
import { Drafts } from '../composer/drafts.ts';
import { openOutboxStorage } from '../composer/outbox-storage.ts';
import { Outbox } from '../composer/outbox.ts';
import { DeskApi } from '../http/desk-api.ts';
import { HttpClient } from '../http/http-client.ts';
import { Session } from '../session/session.ts';
import { Resource } from '../ui/resource.ts';
import { DeskStore } from './desk-store.ts';
import { DeskSync } from './desk-sync.ts';

/** Everything behind the screens, before and after somebody logs in. */
export interface Entrance {
  api: DeskApi;
  session: Session;
  clock: Clock;
}

/** What one agent works with while logged in. */
export interface Desk extends Entrance {
  agent: Agent;
  /** Where a stored file is given. */
  media: (key: string) => string;
  /** Where an image of others is given, fetched by the hub. */
  remoteImage: (address: string) => string;
  store: DeskStore;
  sync: DeskSync;
  outbox: Outbox;
  drafts: Drafts;
  channels: Resource<Awaited<ReturnType<DeskApi['channels']>>['channels']>;
  /** The accounts, as agents may know them. */
  faces: Resource<AccountFace[]>;
  agents: Resource<Agent[]>;
}

export function createEntrance(): Entrance {
  const api = new DeskApi(new HttpClient());
  return { api, session: new Session(api), clock: systemClock };
}

/** Opens the desk of the agent who has just logged in. `session` answers the newest session. */
export async function createDesk(entrance: Entrance, session: () => SessionAnswer): Promise<Desk> {
  const { api, clock } = entrance;
  const { agent } = session();
  const store = new DeskStore();
  const sync = new DeskSync({ api, store, clock, onUnauthenticated: () => api.http.onUnauthenticated() });
  const outbox = new Outbox({
    storage: await openOutboxStorage(),
    clock,
    door: {
      send: ({ kind, conversationId, id, text, attachments, seenSeq, force, payload = {} }) =>
        kind === 'note'
          ? api.writeNote(conversationId, { id, text })
          : api.writeMessage(conversationId, {
              id,
              text,
              attachments: [...attachments],
              seenSeq,
              force,
              payload,
            }),
      stored: ({ conversation, entry }) =>
        store.dispatch({
          type: 'events',
          events: [{ type: 'entry', conversation, entry }],
          at: clock.now(),
        }),
    },
  });
  return {
    ...entrance,
    agent,
    media: (key) => `/media/${key}?t=${encodeURIComponent(session().mediaToken)}`,
    remoteImage: (address) =>
      `/media/remote?u=${encodeURIComponent(address)}&t=${encodeURIComponent(session().mediaToken)}`,
    store,
    sync,
    outbox,
    drafts: new Drafts(agent.id),
    channels: new Resource(async () => (await api.channels()).channels),
    faces: new Resource(async () => (await api.accountFaces()).faces),
    agents: new Resource(async () => (await api.agents()).agents),
  };
}

/** Starts to work: connects, and sends what was left unsent whenever there is a connection. */
export function startDesk(desk: Desk): () => void {
  desk.sync.start();
  void desk.outbox.restore(desk.agent.id);
  void desk.channels.load();
  const stopResuming = desk.sync.connection.subscribe(() => {
    if (desk.sync.connection.get().status === 'online') desk.outbox.resume();
  });
  return () => {
    stopResuming();
    desk.sync.stop();
  };
}
