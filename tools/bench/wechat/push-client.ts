import { once } from 'node:events';
import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { systemClock } from '@yixian/contracts';

const TRIES = 3;

export interface Push {
  query: string;
  body: string;
}

/** Hands pushes in, as Tencent does, over connections that stay open. */
export class PushClient {
  private readonly agent: Agent;

  constructor(
    private readonly url: string,
    connections: number,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Milliseconds until it was acknowledged, at the third try at the latest, as Tencent tries. Rejects otherwise. */
  async push(push: Push): Promise<number> {
    const from = systemClock.monotonic();
    for (let tries = 1; ; tries++) {
      try {
        await this.once(push);
        return systemClock.monotonic() - from;
      } catch (error) {
        if (tries === TRIES) throw error;
      }
    }
  }

  private async once({ query, body }: Push): Promise<void> {
    const headers = { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(body) };
    const asked = request(`${this.url}?${query}`, { method: 'POST', agent: this.agent, headers });
    asked.end(body);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of answer) text += String(chunk);
    if (text !== 'success') throw new Error(`It says ${answer.statusCode} ${text}`);
  }

  close(): void {
    this.agent.destroy();
  }
}
