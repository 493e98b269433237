import { describe, expect, it } from '@jest/globals';
import { checkCustomer } from './checker.ts';
import type { Evidence, ReplyOutcome, StoredEntry } from './checker.ts';

/** The record of a customer who wrote m1..m3 and was answered r1 in between, as all parties saw it. */
function aRightRecord(): Evidence {
  const codes = [1, 2, -1, 3];
  const entries = codes.map<StoredEntry>((code, index) => ({
    seq: index + 1,
    code,
    version: [1, 2, 3, 5][index]!,
    orderedAt: 1000 + index,
    delivery: code < 0 ? 'delivered' : null,
  }));
  const shown = entries.map(({ seq, code, orderedAt, delivery }) => ({ seq, code, orderedAt, delivery }));
  const replies: Record<number, ReplyOutcome> = { 1: 'written', 2: 'refused' };
  return {
    customer: {
      name: 'c1',
      address: 'v',
      by: 'chat',
      tried: 3,
      acknowledged: 3,
      lines: [...codes],
      left: false,
    },
    stored: {
      conversations: [{ id: 'k', version: 5, lastSeq: 4, entries, changes: [4] }],
      transcript: codes.map((code, index) => ({ position: index + 1, code })),
    },
    agents: [{ agent: 'a1', conversationId: 'k', entries: shown, whole: true }],
    replies: (reply) => replies[reply],
    acknowledgedReplies: [1],
    letters: [],
  };
}

/** The same by post. */
function aRightCorrespondence(): Evidence {
  const evidence = aRightRecord();
  Object.assign(evidence.customer, { by: 'post', lines: [] });
  evidence.stored.transcript = [];
  return { ...evidence, letters: [-1] };
}

const entriesOf = ({ stored }: Evidence): StoredEntry[] => stored.conversations[0]!.entries;

/** Everything in the record that names a message, in step with its entries. */
function store(evidence: Evidence, entry: Pick<StoredEntry, 'code' | 'delivery'>): void {
  const [conversation] = evidence.stored.conversations;
  const seq = ++conversation!.lastSeq;
  conversation!.version++;
  conversation!.entries.push({ ...entry, seq, version: conversation!.version, orderedAt: 2000 + seq });
  evidence.agents = [];
}

function line(evidence: Evidence, code: number): void {
  evidence.stored.transcript.push({ position: evidence.stored.transcript.length + 1, code });
  evidence.customer.lines.push(code);
}

/** What is done to the record, and the kinds of violations that must be found. */
const planted: Record<string, [(evidence: Evidence) => void, string[]]> = {
  'a message acknowledged and not stored': [
    (e) => void (e.customer.acknowledged = e.customer.tried = 4),
    ['lost'],
  ],
  'a message stored twice': [
    (e) => {
      store(e, { code: 3, delivery: null });
      line(e, 3);
    },
    ['doubled'],
  ],
  'an unacknowledged message stored twice': [
    (e) => {
      e.customer.acknowledged = 2;
      store(e, { code: 3, delivery: null });
      line(e, 3);
    },
    ['doubled'],
  ],
  'a message nobody sent': [(e) => void (e.customer.acknowledged = e.customer.tried = 2), ['unasked']],
  'a hole in seq': [
    (e) => {
      entriesOf(e)[3]!.seq = 5;
      e.agents = [];
    },
    ['sequence'],
  ],
  'a count that is not that of the entries': [(e) => void e.stored.conversations[0]!.lastSeq++, ['sequence']],
  'a sender out of order': [
    (e) => {
      const [first, second] = entriesOf(e);
      [first!.code, second!.code] = [2, 1];
      [e.customer.lines[0], e.customer.lines[1]] = [2, 1];
      e.stored.transcript[0]!.code = 2;
      e.stored.transcript[1]!.code = 1;
      e.agents = [];
    },
    ['order'],
  ],
  'time that stands still': [
    (e) => {
      entriesOf(e)[1]!.orderedAt = 1000;
      e.agents = [];
    },
    ['time'],
  ],
  'a version without a trace': [(e) => void (e.stored.conversations[0]!.changes = []), ['version']],
  'a version given twice': [(e) => void e.stored.conversations[0]!.changes.push(4), ['version']],
  'an agent who lacks the newest entry': [(e) => void e.agents[0]!.entries.pop(), ['desk']],
  'an agent with a hole': [(e) => void e.agents[0]!.entries.splice(1, 1), ['desk']],
  'an agent who sees an entry twice': [
    (e) => void e.agents[0]!.entries.splice(1, 0, e.agents[0]!.entries[1]!),
    ['desk'],
  ],
  'an agent with an old delivery': [(e) => void (e.agents[0]!.entries[2]!.delivery = 'sent'), ['desk']],
  'an agent who sees another text': [(e) => void (e.agents[0]!.entries[0]!.code = 9), ['desk']],
  'an agent who was shown what was taken back': [
    (e) => {
      e.agents[0]!.whole = false;
      e.agents[0]!.entries.push({ seq: 5, code: 4, orderedAt: 1005, delivery: null });
    },
    ['desk'],
  ],
  'a reply acknowledged and not stored': [(e) => void (e.acknowledgedReplies = [1, 3]), ['reply']],
  'a refused reply that is stored': [
    (e) => {
      store(e, { code: -2, delivery: 'sent' });
      line(e, -2);
    },
    ['reply'],
  ],
  'a reply nobody sent': [
    (e) => {
      store(e, { code: -7, delivery: 'sent' });
      line(e, -7);
    },
    ['reply'],
  ],
  'a reply stored twice': [(e) => store(e, { code: -1, delivery: 'delivered' }), ['reply']],
  'a reply that reached the customer twice': [(e) => line(e, -1), ['effect', 'transcript']],
  'a reply that never got anywhere': [
    (e) => {
      entriesOf(e)[2]!.delivery = 'sending';
      e.agents = [];
    },
    ['effect'],
  ],
  'a failed reply that reached the customer': [
    (e) => {
      entriesOf(e)[2]!.delivery = 'failed';
      e.agents = [];
    },
    ['effect'],
  ],
  'a reply said to be sent that never reached the customer': [
    (e) => {
      e.stored.transcript = [1, 2, 3].map((code, index) => ({ position: index + 1, code }));
      e.customer.lines = [1, 2, 3];
    },
    ['effect'],
  ],
  'a hole in the transcript': [
    (e) => {
      e.stored.transcript[3]!.position = 5;
    },
    ['transcript'],
  ],
  'a transcript without one of the messages': [
    (e) => {
      e.stored.transcript.pop();
      e.customer.lines.pop();
    },
    ['transcript'],
  ],
  'a browser that lacks a line': [(e) => void (e.customer.lines[2] = null), ['transcript']],
  'a browser with a line the transcript does not have': [
    (e) => void e.customer.lines.push(4),
    ['transcript'],
  ],
  'a browser with lines in another order': [
    (e) => void e.customer.lines.splice(0, 2, 2, 1),
    ['transcript', 'transcript'],
  ],
};

/** By post. */
const plantedByPost: typeof planted = {
  'a letter that came twice': [(e) => void e.letters.push(-1), ['effect']],
  'a letter that is said to be sent and never came': [(e) => void (e.letters = []), ['effect']],
  'a letter nobody wrote': [(e) => void e.letters.push(-7), ['effect']],
  'a letter that overtook an earlier one': [
    (e) => {
      store(e, { code: -2, delivery: 'sent' });
      e.replies = () => 'written';
      e.letters = [-2, -1];
    },
    ['order'],
  ],
};

describe('the checker', () => {
  it('finds nothing in a record where all is right', () => {
    expect(checkCustomer(aRightRecord())).toEqual([]);
  });

  it.each(Object.entries(planted))('finds %s', (_, [plant, kinds]) => {
    const evidence = aRightRecord();
    plant(evidence);
    const found = checkCustomer(evidence);
    expect(found.map(({ kind }) => kind)).toEqual(kinds);
    expect(found.every(({ who }) => who === 'c1')).toBe(true);
  });

  it('finds nothing in a correspondence where all is right, also where the outcome is unknown', () => {
    const evidence = aRightCorrespondence();
    expect(checkCustomer(evidence)).toEqual([]);
    entriesOf(evidence)[2]!.delivery = evidence.agents[0]!.entries[2]!.delivery = 'unknown';
    for (const letters of [[], [-1]]) expect(checkCustomer({ ...evidence, letters })).toEqual([]);
  });

  it.each(Object.entries(plantedByPost))('finds %s', (_, [plant, kinds]) => {
    const evidence = aRightCorrespondence();
    plant(evidence);
    expect(checkCustomer(evidence).map(({ kind }) => kind)).toEqual(kinds);
  });

  it('takes what was not acknowledged either way, and an unknown outcome as it is', () => {
    const stored = aRightRecord();
    stored.customer.acknowledged = 2;
    expect(checkCustomer(stored)).toEqual([]);
    stored.stored.transcript.pop();
    stored.customer.lines.pop();
    expect(checkCustomer(stored)).toEqual([]);
    const unknown = aRightRecord();
    entriesOf(unknown)[2]!.delivery = 'unknown';
    unknown.agents[0]!.entries[2]!.delivery = 'unknown';
    expect(checkCustomer(unknown)).toEqual([]);
  });

  it('forgives who left early for seeing only the beginning', () => {
    const evidence = aRightRecord();
    evidence.customer.left = true;
    evidence.customer.lines = [1, 2];
    evidence.agents[0]!.whole = false;
    evidence.agents[0]!.entries.pop();
    expect(checkCustomer(evidence)).toEqual([]);
  });
});
