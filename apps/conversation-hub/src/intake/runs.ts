import type { BusEvent } from '@yixian/bus';
import type { InboundEvent, MessageReceived } from '@yixian/contracts';
import { customerKey } from '@yixian/contracts';

/** A message as `hub.ingest` takes it: the event, and the trace it belongs to. */
export type MessageOfRun = MessageReceived & { traceparent?: string };
export type OtherEvent = Exclude<InboundEvent, MessageReceived>;

/** Events that may be handled together: messages as one set, others one after the other. */
export type Run = { messages: MessageOfRun[] } | { others: OtherEvent[] };

/**
 * Cuts a batch into runs, by turns of messages and of others, so that what belongs to one customer keeps its order and
 * all messages that may go together do. A customer's event goes into the first run of its kind that does not come
 * before that customer's last one; events of different customers may pass each other. Copies of a message are dropped.
 */
export function runsOf(events: BusEvent<InboundEvent>[]): Run[] {
  const runs: { messages: MessageOfRun[]; others: OtherEvent[] }[] = [];
  const reached = new Map<string, number>();
  const taken = new Set<string>();
  for (const { data, headers } of events) {
    const key = customerKey(data);
    const isMessage = data.kind === 'message.received';
    if (isMessage) {
      if (taken.has(data.id)) continue;
      taken.add(data.id);
    }
    const turn = nextTurn(reached.get(key) ?? 0, isMessage);
    reached.set(key, turn);
    while (runs.length <= turn) runs.push({ messages: [], others: [] });
    if (isMessage)
      runs[turn]!.messages.push(headers.traceparent ? { ...data, traceparent: headers.traceparent } : data);
    else runs[turn]!.others.push(data);
  }
  return runs
    .map(({ messages, others }): Run => (messages.length > 0 ? { messages } : { others }))
    .filter((run) => 'messages' in run || run.others.length > 0);
}

/** Even turns are for messages, odd ones for others. */
function nextTurn(reached: number, isMessage: boolean): number {
  return reached % 2 === (isMessage ? 0 : 1) ? reached : reached + 1;
}

/** Whether any event makes a claim about who the customer is. */
export function makesClaims(events: BusEvent<InboundEvent>[]): boolean {
  return events.some(({ data }) => 'sender' in data && data.sender.claims.length > 0);
}
