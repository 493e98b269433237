import { Inject, Injectable } from '@nestjs/common';
import { METRICS } from '@yixian/service';
import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { DeskClients } from './desk-clients.ts';

/** How many are on the desk's socket, and how many of them are too slow. */
@Injectable()
export class SocketMetrics {
  constructor(@Inject(METRICS) registry: Registry, clients: DeskClients) {
    new Gauge({
      name: 'yixian_desk_sockets',
      help: 'Browsers and programs on the desk socket of this process; stalled: left out until they have caught up.',
      labelNames: ['state'],
      registers: [registry],
      collect() {
        const stalled = clients.all().filter((client) => client.stalled).length;
        this.set({ state: 'live' }, clients.size - stalled);
        this.set({ state: 'stalled' }, stalled);
      },
    });
  }
}
