import type { AccountId, Address, Joined, VisitorEvents } from '@yixian/contracts';
import type { Namespace, Socket } from 'socket.io';

type Tab = Pick<Socket, 'connected' | 'emit' | 'join'>;

/** A tab that has not heard `joined` yet, and what it is to hear after that. */
interface Arrival {
  tab: Tab;
  waiting: { event: string; data: unknown }[];
}

/** All browser tabs of each visitor that are connected to this process. */
export class VisitorRooms {
  private namespace: Namespace | undefined;
  private readonly arriving = new Map<string, Set<Arrival>>();

  open(namespace: Namespace): void {
    this.namespace = namespace;
  }

  /**
   * Says `joined` to a tab, before anything else. What its visitor is told while that is read waits behind it: a line
   * may come twice, but none is missed. Rejects as `read` does.
   */
  async welcome(
    tab: Tab,
    { site, address }: { site: AccountId; address: Address },
    read: () => Promise<Joined>,
  ): Promise<void> {
    const room = roomOf(site, address);
    const arrival: Arrival = { tab, waiting: [] };
    this.arriving.set(room, (this.arriving.get(room) ?? new Set()).add(arrival));
    try {
      const joined = await read();
      if (!tab.connected) return;
      tab.emit('joined', joined);
      for (const { event, data } of arrival.waiting) tab.emit(event, data);
      // In this process's memory, and so at once: nothing is told in between.
      void tab.join(room);
    } finally {
      this.arrived(room, arrival);
    }
  }

  tell<E extends keyof VisitorEvents>(
    site: AccountId,
    address: Address,
    event: E,
    data: VisitorEvents[E],
  ): void {
    const room = roomOf(site, address);
    this.namespace?.to(room).emit(event, data);
    for (const { waiting } of this.arriving.get(room) ?? []) waiting.push({ event, data });
  }

  has(site: AccountId, address: Address): boolean {
    const room = roomOf(site, address);
    if ((this.namespace?.adapter.rooms.get(room)?.size ?? 0) > 0) return true;
    return [...(this.arriving.get(room) ?? [])].some(({ tab }) => tab.connected);
  }

  private arrived(room: string, arrival: Arrival): void {
    const arrivals = this.arriving.get(room);
    arrivals?.delete(arrival);
    if (arrivals?.size === 0) this.arriving.delete(room);
  }
}

const roomOf = (site: AccountId, address: Address): string => `${site}/${address}`;
