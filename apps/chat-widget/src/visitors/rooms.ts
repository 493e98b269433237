import type { AccountId, Address, VisitorEvents } from '@yixian/contracts';
import type { Namespace, Socket } from 'socket.io';

/** All browser tabs of each visitor that are connected to this process. */
export class VisitorRooms {
  private namespace: Namespace | undefined;

  open(namespace: Namespace): void {
    this.namespace = namespace;
  }

  /** Resolves once the tab hears what is told to its visitor. */
  async enter(socket: Socket, site: AccountId, address: Address): Promise<void> {
    await socket.join(roomOf(site, address));
  }

  tell<E extends keyof VisitorEvents>(
    site: AccountId,
    address: Address,
    event: E,
    data: VisitorEvents[E],
  ): void {
    this.namespace?.to(roomOf(site, address)).emit(event, data);
  }

  has(site: AccountId, address: Address): boolean {
    return (this.namespace?.adapter.rooms.get(roomOf(site, address))?.size ?? 0) > 0;
  }
}

const roomOf = (site: AccountId, address: Address): string => `${site}/${address}`;
