import type { AgentViewing, Clock, ContactId, DeskEvent, Synced } from '@yixian/contracts';

/** How long a word is good. Said again every 20 s while it is true. */
const VIEWING_MS = 30_000;

type Viewer = Synced['viewing'][number] & { until: number };
type ViewingEvent = Extract<DeskEvent, { type: 'viewing' }>;

/** Who looks at which contact, in all processes, by the signals that tell of it. */
export class ViewingBoard {
  private readonly viewers = new Map<string, Viewer>();

  constructor(private readonly clock: Clock) {}

  /** Takes note; gives the event to tell when something changed. */
  hear({ agent, tab, contactId, typing, at }: AgentViewing): ViewingEvent | undefined {
    const now = this.clock.now();
    // A signal that was long under way says nothing of now. One from a clock that runs ahead is taken as just sent.
    const until = Math.min(Date.parse(at), now) + VIEWING_MS;
    const before = this.viewers.get(tab);
    if (!contactId || until <= now) {
      return this.viewers.delete(tab) ? left(agent, tab) : undefined;
    }
    this.viewers.set(tab, { agent, tab, contactId, typing, until });
    if (before?.contactId === contactId && before.typing === typing) return undefined;
    return { type: 'viewing', agent, tab, contactId, typing };
  }

  /** Forgets those who were not heard of for too long; gives the events to tell. */
  expire(): ViewingEvent[] {
    const gone = [...this.viewers.values()].filter(({ until }) => until <= this.clock.now());
    for (const { tab } of gone) this.viewers.delete(tab);
    return gone.map(({ agent, tab }) => left(agent, tab));
  }

  list(): Synced['viewing'] {
    return [...this.viewers.values()].map(({ agent, tab, contactId, typing }) => ({
      agent,
      tab,
      contactId: contactId as ContactId,
      typing,
    }));
  }
}

const left = (agent: AgentViewing['agent'], tab: string): ViewingEvent => ({
  type: 'viewing',
  agent,
  tab,
  contactId: null,
  typing: false,
});
