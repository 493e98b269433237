import { once } from 'node:events';
import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { systemClock } from '@yixian/contracts';

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

  /** Milliseconds until it was acknowledged. Rejects when it was not. */
  async push({ query, body }: Push): Promise<number> {
    const from = systemClock.monotonic();
    const headers = { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(body) };
    const asked = request(`${this.url}?${query}`, { method: 'POST', agent: this.agent, headers });
    asked.end(body);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of answer) text += String(chunk);
    if (text !== 'success') throw new Error(`It says ${answer.statusCode} ${text}`);
    return systemClock.monotonic() - from;
  }

  close(): void {
    this.agent.destroy();
  }
}
