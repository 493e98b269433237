import { randomBytes } from 'node:crypto';
import type { Agent, ContactId, ConversationPage, TimelinePage } from '@yixian/contracts';

/** The desk's HTTP API, as an integrator calls it. */
export class DeskApi {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.url}/api/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** A new agent who reads English, with what is needed to log in. */
  async hire(name: string): Promise<{ email: string; password: string }> {
    const email = `${name.toLowerCase()}-${randomBytes(3).toString('hex')}@example.com`;
    const password = randomBytes(12).toString('hex');
    await this.call<Agent>('POST', 'agents', { email, name, role: 'agent', password, locale: 'en' });
    return { email, password };
  }

  /** The messages of the contact who once wrote `text`, oldest first. */
  async textsOf(text: string): Promise<string[]> {
    const { conversations } = await this.call<ConversationPage>('GET', 'conversations?view=all&limit=200');
    const timelines = await Promise.all(conversations.map(({ contactId }) => this.messages(contactId)));
    return timelines.find((texts) => texts.includes(text)) ?? [];
  }

  private async messages(contact: ContactId): Promise<string[]> {
    const page = await this.call<TimelinePage>('GET', `contacts/${contact}/timeline?kinds=message&limit=200`);
    return page.entries.map((entry) => entry.text);
  }
}
