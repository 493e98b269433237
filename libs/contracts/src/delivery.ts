/**
 * What became of an outbound message. Receipts climb this lattice and never fall back:
 * queued < sending < sent < delivered < read. `failed`, `bounced` and `unknown` end the climb from the states
 * named here; a later word from the channel may still turn `unknown` into something known. `preview`: the channel has
 * nobody to hand it to and only shows what it would send.
 */
export const deliveryMoves = {
  queued: ['sending', 'sent', 'preview', 'delivered', 'read', 'failed', 'bounced', 'unknown'],
  sending: ['sent', 'preview', 'delivered', 'read', 'failed', 'bounced', 'unknown'],
  unknown: ['sent', 'preview', 'delivered', 'read', 'failed', 'bounced'],
  sent: ['delivered', 'read', 'failed', 'bounced'],
  delivered: ['read', 'bounced'],
  preview: [],
  read: [],
  failed: [],
  bounced: [],
} as const satisfies Record<string, readonly string[]>;

export type DeliveryState = keyof typeof deliveryMoves;
export const deliveryStates = Object.keys(deliveryMoves) as DeliveryState[];

/** Whether a receipt that says `to` moves a message that stands at `from`. */
export function deliveryClimbs(from: DeliveryState, to: DeliveryState): boolean {
  return (deliveryMoves[from] as readonly string[]).includes(to);
}
