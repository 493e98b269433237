import type { DeliveryState } from '@yixian/contracts';
import { wordFor } from './words.ts';

/** What one customer did, and what their browser shows. Codes are those of `words.ts`. */
export interface CustomerSide {
  name: string;
  address: string;
  /** `chat`: with a browser that shows the transcript. `post`: with a letter box. */
  by: 'chat' | 'post';
  /** Messages 1..tried were handed in at least once; 1..acknowledged of them were acknowledged. */
  tried: number;
  acknowledged: number;
  /** By chat: the code of the line at each position, from 1 (index 0) on; null where the browser has none. */
  lines: (number | null)[];
  /** They closed the page for good: what the browser shows may end early. */
  left: boolean;
}

/** What became of a reply, as its agent was told. `open`: the agent was never answered. */
export type ReplyOutcome = 'written' | 'refused' | 'open';

/** An entry, as the database or an agent's browser has it. */
export interface EntrySeen {
  seq: number;
  code: number;
  orderedAt: number;
  /** Null on everything but replies. */
  delivery: DeliveryState | null;
}

export interface StoredEntry extends EntrySeen {
  version: number;
}

export interface StoredConversation {
  id: string;
  version: number;
  lastSeq: number;
  /** By seq. */
  entries: StoredEntry[];
  /** Versions that changed something other than adding an entry. */
  changes: number[];
}

/** What is stored of one customer. */
export interface StoredSide {
  conversations: StoredConversation[];
  /** The customer's transcript, by position. */
  transcript: { position: number; code: number }[];
}

/** What an agent's browser shows of one conversation, by seq. `whole`: up to now; else it stopped watching. */
export interface AgentSide {
  agent: string;
  conversationId: string;
  entries: EntrySeen[];
  whole: boolean;
}

export type ViolationKind =
  | 'lost'
  | 'doubled'
  | 'unasked'
  | 'sequence'
  | 'order'
  | 'time'
  | 'version'
  | 'desk'
  | 'transcript'
  | 'reply'
  | 'effect'
  | 'dead-letter'
  | 'process';

export interface Violation {
  kind: ViolationKind;
  /** The customer's name, or the process's. */
  who: string;
  says: string;
  /** The code it is about. */
  code?: number;
}

export interface Evidence {
  customer: CustomerSide;
  stored: StoredSide;
  agents: AgentSide[];
  /** By a reply's number. */
  replies: (reply: number) => ReplyOutcome | undefined;
  /** The numbers of the replies that were written to this customer and acknowledged. */
  acknowledgedReplies: number[];
  /** By post: the codes of what lies in the letter box, in the order it came, each as often as it came. */
  letters: number[];
}

/** A reply that ended in one of these reached nobody; in the others but `unknown`, it did. */
const unsent = new Set<DeliveryState>(['failed', 'bounced']);
const unfinished = new Set<DeliveryState>(['queued', 'sending']);

/** Everything that is promised about one customer, held against what is. Pure; empty when all is kept. */
export function checkCustomer(evidence: Evidence): Violation[] {
  const who = evidence.customer.name;
  const found = [
    ...evidence.stored.conversations.flatMap(checkConversation),
    ...checkMessages(evidence),
    ...checkReplies(evidence),
    ...(evidence.customer.by === 'post' ? checkLetters(evidence) : checkScreen(evidence)),
    ...evidence.agents.flatMap((agent) => checkAgent(agent, evidence.stored.conversations)),
  ];
  return found.map((violation) => ({ ...violation, who }));
}

type Found = Omit<Violation, 'who'>;

function checkConversation({ id, version, lastSeq, entries, changes }: StoredConversation): Found[] {
  const found: Found[] = [];
  entries.forEach((entry, index) => {
    const { seq, code, orderedAt } = entry;
    const before = entries[index - 1];
    if (seq !== index + 1)
      found.push({ kind: 'sequence', code, says: `conversation ${id} has seq ${seq} at place ${index + 1}` });
    if (before && before.orderedAt >= orderedAt)
      found.push({
        kind: 'time',
        code,
        says: `orderedAt of seq ${seq} is not after that of the entry before`,
      });
  });
  if (lastSeq !== entries.length)
    found.push({
      kind: 'sequence',
      says: `conversation ${id} says ${lastSeq} entries and has ${entries.length}`,
    });
  const versions = [...entries.map((entry) => entry.version), ...changes].sort((a, b) => a - b);
  const hole = versions.findIndex((each, index) => each !== index + 1);
  if (hole >= 0 || versions.length !== version)
    found.push({ kind: 'version', says: `versions of ${id} are not 1..${version}: wrong from ${hole + 1}` });
  return found;
}

function checkMessages({ customer, stored }: Evidence): Found[] {
  const codes = stored.conversations.flatMap(({ entries }) => entries.map(({ code }) => code));
  const messages = codes.filter((code) => code > 0);
  const counts = countsOf(messages);
  const found = outOfOrder(messages).map<Found>((code) => ({
    kind: 'order',
    code,
    says: `${wordFor(code)} is stored after a later one of the same customer`,
  }));
  for (let code = 1; code <= customer.acknowledged; code++) {
    if (!counts.has(code))
      found.push({ kind: 'lost', code, says: `${wordFor(code)} was acknowledged and is not stored` });
  }
  for (const [code, count] of counts) {
    if (count > 1) found.push({ kind: 'doubled', code, says: `${wordFor(code)} is stored ${count} times` });
    if (code > customer.tried) found.push({ kind: 'unasked', code, says: `${wordFor(code)} was never sent` });
  }
  return found;
}

function checkReplies({ customer, stored, replies, acknowledgedReplies, letters }: Evidence): Found[] {
  const entries = stored.conversations.flatMap((conversation) => conversation.entries);
  const counts = countsOf(entries.map(({ code }) => code).filter((code) => code < 0));
  const found: Found[] = [];
  for (const number of acknowledgedReplies) {
    if (!counts.has(-number))
      found.push({
        kind: 'reply',
        code: -number,
        says: `${wordFor(-number)} was acknowledged and is not stored`,
      });
  }
  for (const [code, count] of counts) {
    if (count > 1) found.push({ kind: 'reply', code, says: `${wordFor(code)} is stored ${count} times` });
    const outcome = replies(-code);
    if (outcome === undefined || outcome === 'refused')
      found.push({
        kind: 'reply',
        code,
        says: `${wordFor(code)} was ${outcome ?? 'never sent'} and is stored`,
      });
  }
  const reached = countsOf(customer.by === 'post' ? letters : stored.transcript.map(({ code }) => code));
  for (const entry of entries)
    if (entry.code < 0) found.push(...checkEffect(entry, reached.get(entry.code) ?? 0));
  return found;
}

/** What was done for the customer is what the desk says was done. */
function checkEffect({ code, delivery }: StoredEntry, times: number): Found[] {
  const word = wordFor(code);
  const found: Found[] = [];
  if (times > 1) found.push({ kind: 'effect', code, says: `${word} reached the customer ${times} times` });
  if (!delivery || unfinished.has(delivery))
    found.push({ kind: 'effect', code, says: `${word} is still ${delivery ?? 'without a delivery'}` });
  else if (unsent.has(delivery) && times > 0)
    found.push({ kind: 'effect', code, says: `${word} is ${delivery} and reached the customer` });
  else if (!unsent.has(delivery) && delivery !== 'unknown' && times === 0)
    found.push({ kind: 'effect', code, says: `${word} is ${delivery} and never reached the customer` });
  return found;
}

/** Letters come in the order the replies were written, and none that nobody wrote. */
function checkLetters({ stored, letters }: Evidence): Found[] {
  const written = stored.conversations.flatMap(({ entries }) => entries.map(({ code }) => code));
  const found: Found[] = [];
  let before = -1;
  for (const code of new Set(letters)) {
    const place = written.indexOf(code);
    if (place < 0)
      found.push({ kind: 'effect', code, says: `${wordFor(code)} reached the customer and is not stored` });
    else if (place < before)
      found.push({
        kind: 'order',
        code,
        says: `${wordFor(code)} reached the customer after a later one`,
      });
    before = Math.max(before, place);
  }
  return found;
}

const checkScreen = (evidence: Evidence): Found[] => [
  ...checkTranscript(evidence),
  ...checkBrowser(evidence),
];

/**
 * The transcript against the record: the same messages, in the same order within each side. Of a customer who left
 * before an acknowledgement, the last message may be recorded and have no line.
 */
function checkTranscript({ customer, stored }: Evidence): Found[] {
  const found: Found[] = [];
  stored.transcript.forEach(({ position, code }, index) => {
    if (position !== index + 1)
      found.push({ kind: 'transcript', code, says: `position ${position} stands at place ${index + 1}` });
  });
  const lines = stored.transcript.map(({ code }) => code);
  const entries = stored.conversations.flatMap((conversation) =>
    conversation.entries.map(({ code }) => code),
  );
  for (const side of [1, -1]) {
    const said = lines.filter((code) => code * side > 0);
    const recorded = new Set(said);
    const wanted = entries.filter((code) => code * side > 0 && recorded.has(code));
    const wrong = said.findIndex((code, index) => code !== wanted[index]);
    const missing = entries.find((code) => code > 0 && code <= customer.acknowledged && !recorded.has(code));
    if (wrong >= 0 || (side > 0 && missing !== undefined)) {
      const code = said[wrong] ?? missing ?? 0;
      found.push({ kind: 'transcript', code, says: `${wordFor(code)} is not where the record has it` });
    }
  }
  return found;
}

/** What the customer's browser shows is the transcript; of who left, its beginning. */
function checkBrowser({ customer, stored }: Evidence): Found[] {
  const { lines, left } = customer;
  const { transcript } = stored;
  const found: Found[] = [];
  const shown = lines.flatMap((code, index) => (code === null ? [] : [{ position: index + 1, code }]));
  for (const { position, code } of shown) {
    const right = transcript[position - 1]?.code;
    if (right !== code)
      found.push({
        kind: 'transcript',
        code,
        says: `the browser has ${wordFor(code)} at ${position}, ${right === undefined ? 'where nothing is' : `not ${wordFor(right)}`}`,
      });
  }
  if (!left && shown.length < transcript.length) {
    const missing = transcript.find(({ position }) => (lines[position - 1] ?? null) === null);
    const code = missing?.code ?? 0;
    found.push({
      kind: 'transcript',
      code,
      says: `the browser lacks ${transcript.length - shown.length} lines, the first at ${missing?.position}: ${wordFor(code)}`,
    });
  }
  return found;
}

function checkAgent(
  { agent, conversationId, entries, whole }: AgentSide,
  stored: StoredConversation[],
): Found[] {
  const conversation = stored.find(({ id }) => id === conversationId);
  if (!conversation) return [{ kind: 'desk', says: `${agent} shows a conversation that is not stored` }];
  const found: Found[] = [];
  entries.forEach((entry, index) => {
    const before = entries[index - 1];
    if (before && entry.seq !== before.seq + 1)
      found.push({
        kind: 'desk',
        code: entry.code,
        says: `${agent} shows seq ${entry.seq} after ${before.seq}`,
      });
    const difference = differenceOf(entry, conversation.entries[entry.seq - 1], whole);
    if (difference)
      found.push({
        kind: 'desk',
        code: entry.code,
        says: `${agent} shows ${wordFor(entry.code)} as seq ${entry.seq}: ${difference}`,
      });
  });
  const last = entries.at(-1)?.seq ?? 0;
  if (whole && last !== conversation.entries.length)
    found.push({ kind: 'desk', says: `${agent} shows up to seq ${last} of ${conversation.entries.length}` });
  return found;
}

function differenceOf(shown: EntrySeen, stored: StoredEntry | undefined, whole: boolean): string | undefined {
  if (!stored) return 'not stored';
  if (shown.code !== stored.code) return `stored is ${wordFor(stored.code)}`;
  if (shown.orderedAt !== stored.orderedAt) return `at another place in time than stored`;
  if (whole && shown.delivery !== stored.delivery)
    return `shown ${shown.delivery}, stored ${stored.delivery}`;
  return undefined;
}

function countsOf(codes: number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return counts;
}

/** Those that stand behind a greater one. */
function outOfOrder(codes: number[]): number[] {
  let greatest = 0;
  return codes.filter((code) => {
    const late = code < greatest;
    greatest = Math.max(greatest, code);
    return late;
  });
}
