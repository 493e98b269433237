import type { AgentSide, CustomerSide } from './checker.ts';
import type { ReplyOutcome } from './checker.ts';

/** What the process that plays customers and agents is told to begin with. */
export interface LoadOrders {
  seed: number;
  rate: number;
  run: string;
  site: string;
  visitorUrls: string[];
  /** Where those who write by post hand in; without any nobody does. */
  postUrls: string[];
  deskUrls: string[];
  /** One for each agent. */
  tokens: string[];
  /** Some customers have a network that breaks WebSocket. */
  longPolling: boolean;
  journal: string;
  startedAt: number;
}

export type ToLoad =
  | { do: 'begin'; orders: LoadOrders }
  /** Write no more; go on until all that was written is through. */
  | { do: 'calm' }
  /** Write {@link ReportLine}s into this file. */
  | { do: 'report'; file: string }
  | { do: 'end' };

export type FromLoad =
  | {
      said: 'state';
      written: number;
      waiting: number;
      replies: number;
      calm: boolean;
      bytes: number;
      restless: string[];
    }
  | { said: 'wrong'; who: string; says: string }
  | { said: 'reported' };

/** A line of the report, as JSON. */
export type ReportLine =
  | { customer: CustomerSide }
  | { agent: AgentSide }
  | { reply: number; customer: number; outcome: ReplyOutcome };
