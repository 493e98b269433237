import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { checkCustomer } from './checker.ts';
import type { AgentSide, CustomerSide, ReplyOutcome, StoredSide, Violation } from './checker.ts';
import type { ReportLine } from './load-orders.ts';
import type { Stored } from './record.ts';

/** Customers whose record is read and checked at a time. */
const AT_A_TIME = 50;

/** What the load's report says, by customer. */
export class Report {
  readonly customers: CustomerSide[] = [];
  readonly agents = new Map<string, AgentSide[]>();
  private readonly replies: { customer: number; outcome: ReplyOutcome }[] = [];
  private readonly acknowledged = new Map<string, number[]>();

  static async read(file: string): Promise<Report> {
    const report = new Report();
    for await (const line of createInterface({ input: createReadStream(file) }))
      report.take(JSON.parse(line) as ReportLine);
    return report;
  }

  get replyCount(): number {
    return this.replies.length;
  }

  readonly outcomeOf = (reply: number): ReplyOutcome | undefined => this.replies[reply - 1]?.outcome;

  acknowledgedTo = (customer: string): number[] => this.acknowledged.get(customer) ?? [];

  private take(line: ReportLine): void {
    if ('customer' in line && 'reply' in line) this.takeReply(line);
    else if ('customer' in line) this.customers.push(line.customer);
    else
      this.agents.set(line.agent.conversationId, [
        ...(this.agents.get(line.agent.conversationId) ?? []),
        line.agent,
      ]);
  }

  private takeReply({ customer, outcome }: { customer: number; outcome: ReplyOutcome }): void {
    const number = this.replies.push({ customer, outcome });
    if (outcome !== 'written') return;
    const name = `c${customer}`;
    this.acknowledged.set(name, [...(this.acknowledged.get(name) ?? []), number]);
  }
}

/** Holds all that was promised against all that is stored. */
export async function findViolations(
  report: Report,
  stored: Stored,
  lettersTo: (address: string) => number[],
): Promise<Violation[]> {
  const found: Violation[] = [];
  const came = report.customers.filter(({ address }) => address);
  let conversations = 0;
  for (let i = 0; i < came.length; i += AT_A_TIME) {
    const some = came.slice(i, i + AT_A_TIME);
    const sides = await stored.sidesOf(some.map(({ address }) => address));
    for (const customer of some) {
      const side = sides.get(customer.address)!;
      conversations += side.conversations.length;
      const letters = lettersTo(customer.address);
      found.push(...checkCustomer({ ...evidenceOf(customer, side, report), letters }));
    }
  }
  const strangers = (await stored.conversationCount()) - conversations;
  if (strangers !== 0)
    found.push({
      kind: 'unasked',
      who: 'hub',
      says: `${strangers} conversations belong to nobody who wrote`,
    });
  for (const says of await stored.putAside()) found.push({ kind: 'dead-letter', who: 'bus', says });
  return found;
}

function evidenceOf(customer: CustomerSide, stored: StoredSide, report: Report) {
  return {
    customer,
    stored,
    agents: stored.conversations.flatMap(({ id }) => report.agents.get(id) ?? []),
    replies: report.outcomeOf,
    acknowledgedReplies: report.acknowledgedTo(customer.name),
  };
}
