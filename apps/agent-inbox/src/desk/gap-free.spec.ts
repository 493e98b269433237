import { describe, expect, it } from '@jest/globals';
import type { DeskEvent, Synced, Watched } from '@yixian/contracts';
import fc from 'fast-check';
import { aHub, CONTACT, ME } from '../../testing/a-hub.ts';
import { reduce } from './desk-reducer.ts';
import { type DeskState, emptyDesk } from './desk-state.ts';
import { conversationsIn } from './inbox-view.ts';
import { hasHole, haveOf, openWindow, openWindowAfter } from './timeline-window.ts';

/** A browser on a line that loses, doubles and reorders whatever is sent over it. */
function aBrowser(hub: ReturnType<typeof aHub>) {
  let state: DeskState = emptyDesk;
  let onTheWay: DeskEvent[] = [];
  let answers: Watched[] = [];
  hub.listen((event) => onTheWay.push(event));
  const window = () => state.timelines.get(CONTACT);
  const dispatch = (action: Parameters<typeof reduce>[1]) => {
    state = reduce(state, action);
  };
  const browser = {
    state: () => state,
    window,
    connect() {
      onTheWay = [];
      answers = [];
      dispatch({ type: 'disconnected' });
      dispatch({ type: 'synced', synced: { ...hub.synced(), viewing: [] } as Synced, at: 0 });
    },
    open() {
      const [detail, page] = [hub.detail(), hub.page()];
      dispatch({
        type: 'opened',
        detail,
        window: openWindow(detail, page) ?? openWindowAfter(detail, hub.page()),
      });
    },
    list() {
      dispatch({ type: 'listed', view: 'all', page: hub.conversations('all'), first: true });
    },
    /** The message at `index` arrives before those sent earlier. */
    onTheWay: () => onTheWay.length,
    receive(index: number) {
      const [event] = onTheWay.splice(index % Math.max(1, onTheWay.length), 1);
      if (event) dispatch({ type: 'events', events: [event], at: 0 });
    },
    lose(index: number) {
      onTheWay.splice(index % Math.max(1, onTheWay.length), 1);
    },
    double(index: number) {
      const event = onTheWay[index % Math.max(1, onTheWay.length)];
      if (event) onTheWay.push(event);
    },
    ask() {
      const open = window();
      if (!open || open.watch === 'asked' || (open.watch === 'live' && !hasHole(open))) return;
      answers.push(hub.missed(haveOf(open)));
      dispatch({ type: 'asked', contactId: CONTACT });
    },
    answered() {
      const watched = answers.shift();
      if (watched && window()?.watch === 'asked')
        dispatch({ type: 'watched', contactId: CONTACT, watched, at: 0 });
      if (window()?.stale) browser.open();
    },
    pageOlder() {
      const open = window();
      if (!open?.older || open.first === null) return;
      dispatch({ type: 'paged', contactId: CONTACT, side: 'older', page: hub.page(open.first) });
    },
  };
  return browser;
}

type Step = { on: 'hub' | 'line' | 'browser'; what: string; n: number };

const steps = (on: Step['on'], ...what: string[]): fc.Arbitrary<Step> =>
  fc.record({ on: fc.constant(on), what: fc.constantFrom(...what), n: fc.nat(20) });
const hubSteps = steps('hub', 'write', 'write', 'deliver', 'assign', 'close', 'begin');
/** Whatever may happen, also that the connection breaks. */
const anything = fc.oneof(
  { weight: 6, arbitrary: hubSteps },
  { weight: 6, arbitrary: steps('line', 'receive', 'receive', 'receive', 'lose', 'double') },
  {
    weight: 4,
    arbitrary: steps('browser', 'ask', 'ask', 'answered', 'answered', 'pageOlder', 'connect', 'open'),
  },
);
/** The connection holds: messages come late, doubled and in any order, but they come. */
const noLoss = fc.oneof(
  { weight: 6, arbitrary: hubSteps },
  { weight: 6, arbitrary: steps('line', 'receive', 'receive', 'receive', 'double') },
  { weight: 4, arbitrary: steps('browser', 'ask', 'answered', 'pageOlder') },
);
const many = (step: fc.Arbitrary<Step>): fc.Arbitrary<Step[]> =>
  fc.array(step, { maxLength: 120, size: 'max' });

/** Plays a journey from a fresh, followed timeline. */
function run(journey: Step[]) {
  const hub = aHub({ resetAfter: 25 });
  const browser = aBrowser(hub);
  browser.connect();
  browser.open();
  browser.ask();
  browser.answered();
  for (const { on, what, n } of journey) {
    const actor = (on === 'hub' ? hub : browser) as unknown as Record<string, (n: number) => void>;
    actor[what]!(n);
  }
  return { hub, browser };
}

/** What happens when a connection comes back: nothing is on the way any more, and the browser asks. */
function settle(browser: ReturnType<typeof aBrowser>) {
  browser.connect();
  browser.list();
  for (let round = 0; round < 3; round++) {
    browser.ask();
    browser.answered();
  }
}

describe('a browser that drops, doubles or delays any message', () => {
  it('ends with the entries, deliveries and versions of the hub', () => {
    fc.assert(
      fc.property(many(anything), (journey) => {
        const { hub, browser } = run(journey);
        settle(browser);
        const window = browser.window()!;
        const whole = hub.entries();
        const from = whole.length - window.entries.length;
        expect(window.entries).toEqual(whole.slice(from));
        expect(window.older).toBe(from > 0);
        expect(window).toMatchObject({ watch: 'live', stale: false, pending: [] });
        for (const { id, version } of hub.rows()) expect(window.have.get(id)).toBe(version);
      }),
      { numRuns: 200 },
    );
  });

  it('needs no new connection while nothing is lost', () => {
    fc.assert(
      fc.property(many(noLoss), (journey) => {
        const { hub, browser } = run(journey);
        while (browser.onTheWay() > 0) browser.receive(0);
        for (let round = 0; round < 4; round++) {
          browser.ask();
          browser.answered();
        }
        const shown = browser.window()!.entries;
        expect(shown).toEqual(hub.entries().slice(-shown.length));
      }),
      { numRuns: 300 },
    );
  });

  it('lists the conversations of the hub, each as it is now', () => {
    fc.assert(
      fc.property(many(anything), (journey) => {
        const { hub, browser } = run(journey);
        settle(browser);
        expect(conversationsIn(browser.state(), 'all', ME)).toEqual(hub.conversations('all').conversations);
      }),
      { numRuns: 200 },
    );
  });

  it('never shows an entry above a hole', () => {
    fc.assert(
      fc.property(many(anything), (journey) => {
        const { browser } = run(journey);
        const { entries } = browser.window()!;
        for (const id of new Set(entries.map((entry) => entry.conversationId))) {
          const seqs = entries.filter((entry) => entry.conversationId === id).map((entry) => entry.seq);
          expect(seqs).toEqual(seqs.map((_, index) => seqs[0]! + index));
        }
      }),
      { numRuns: 300 },
    );
  });
});
