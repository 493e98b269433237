import type {
  ContactDetail,
  ContactId,
  Conversation,
  ConversationId,
  ConversationPage,
  EntryId,
  Problem,
  ReplyConflict,
  TimelinePage,
  WrittenEntry,
} from '@yixian/contracts';

const ANSWER_WITHIN = 10_000;

export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(`${status} ${code}`);
  }
}

/** The desk's HTTP API as one agent's program uses it. Throws {@link CallFailed}, or what the network throws. */
export class DeskCalls {
  constructor(
    private readonly url: () => string,
    private readonly token: string,
  ) {}

  contact(id: ContactId): Promise<ContactDetail> {
    return this.call('GET', `contacts/${id}`);
  }

  timeline(id: ContactId): Promise<TimelinePage> {
    return this.call('GET', `contacts/${id}/timeline`);
  }

  async newest(): Promise<Conversation[]> {
    return (await this.call<ConversationPage>('GET', 'conversations?view=all&limit=60')).conversations;
  }

  reply(
    id: ConversationId,
    message: { id: EntryId; text: string; seenSeq: number; force: boolean },
  ): Promise<WrittenEntry | ReplyConflict> {
    return this.call('POST', `conversations/${id}/messages`, message);
  }

  act(id: ConversationId, act: 'close' | 'reopen' | 'read', body: object = {}): Promise<unknown> {
    return this.call('POST', `conversations/${id}/${act}`, body);
  }

  private async call<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await fetch(`${this.url()}/api/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_WITHIN),
    });
    if (answer.ok) return (await answer.json()) as T;
    const problem = (await answer.json().catch(() => undefined)) as Problem | undefined;
    throw new CallFailed(answer.status, problem?.error?.code ?? 'unknown');
  }
}
