import { Injectable } from '@nestjs/common';
import type { AgentId, InboxCounts } from '@yixian/contracts';
import type { ConversationCounts } from '../../conversations/conversation-list.ts';
import { agentIdOf } from '../http/caller.ts';
import { countsOf } from '../inbox-counter.ts';
import type { Addressed } from './addressed.ts';
import type { DeskClient } from './desk-client.ts';
import { encodeFrame } from './frame.ts';
import type { Frame } from './frame.ts';
import { Round } from './round.ts';

/** The desk's namespace of Socket.IO. */
export const NAMESPACE = '/agent';

/** Everybody on the desk's socket in this process. */
@Injectable()
export class DeskClients {
  private readonly clients = new Set<DeskClient>();

  add(client: DeskClient): void {
    this.clients.add(client);
  }

  remove(client: DeskClient): void {
    this.clients.delete(client);
  }

  all(): DeskClient[] {
    return [...this.clients];
  }

  get size(): number {
    return this.clients.size;
  }

  deliver(items: readonly Addressed[]): void {
    if (this.clients.size === 0) return;
    const round = new Round(NAMESPACE, items);
    for (const client of this.clients) {
      const frame = round.frameFor(client.watching);
      if (frame) client.send(frame);
    }
  }

  /** Tells the counts to those for whom they changed. */
  tellCounts(counts: ConversationCounts): void {
    const frames = new Map<AgentId | undefined, { counts: InboxCounts; frame: Frame }>();
    for (const client of this.clients) {
      const agent = agentIdOf(client.caller);
      const told = frames.get(agent) ?? encoded(countsOf(agent, counts));
      frames.set(agent, told);
      if (same(client.counts, told.counts) || client.stalled) continue;
      client.counts = told.counts;
      client.send(told.frame);
    }
  }
}

function encoded(counts: InboxCounts): { counts: InboxCounts; frame: Frame } {
  const json = JSON.stringify([{ type: 'counts', counts }]);
  return { counts, frame: encodeFrame(NAMESPACE, 'events', json) };
}

function same(a: InboxCounts | undefined, b: InboxCounts): boolean {
  return a?.mine === b.mine && a.unassigned === b.unassigned && a.all === b.all;
}
