import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';
import type { RefusalCode } from './callback-refused.ts';

/** `accepted`, `again` (Tencent was told to come again), or why it was refused. */
export type CallbackOutcome = 'accepted' | 'again' | RefusalCode;

/** Counts callbacks by what became of them. A refused one leaves no other trace. */
export class CallbackMetrics {
  private readonly counter: Counter;

  constructor(registry: Registry) {
    const name = 'yixian_wechat_callbacks_total';
    const known = registry.getSingleMetric(name) as Counter | undefined;
    const help = 'Callbacks of Tencent, by what became of them.';
    this.counter = known ?? new Counter({ name, help, labelNames: ['outcome'], registers: [registry] });
  }

  count(outcome: CallbackOutcome): void {
    this.counter.inc({ outcome });
  }
}
