import { failureOf, RequestFailed } from './request-failed.ts';

export type Query = Record<string, string | number | undefined>;

/** Speaks JSON with the hub. Sends the session's `csrf` with every write. Failures are {@link RequestFailed}. */
export class HttpClient {
  csrf = '';
  /** Called when the hub does not know us any more. */
  onUnauthenticated: () => void = () => {};

  get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
    return this.#send<T>('GET', path + search(query), undefined, signal);
  }

  post<T>(path: string, body: unknown = {}): Promise<T> {
    return this.#send<T>('POST', path, body);
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.#send<T>('PATCH', path, body);
  }

  delete<T>(path: string, query: Query = {}): Promise<T> {
    return this.#send<T>('DELETE', path + search(query));
  }

  /** Sends a file as a form, telling how much of it has gone (0..1). */
  upload<T>(path: string, file: File, onProgress: (share: number) => void, signal: AbortSignal): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open('POST', path);
      request.setRequestHeader('x-csrf-token', this.csrf);
      request.responseType = 'json';
      request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
      request.onerror = () => reject(new RequestFailed('offline', 'No answer.'));
      request.onabort = () => reject(new RequestFailed('offline', 'Cancelled.'));
      request.onload = () => {
        if (request.status < 300) resolve(request.response as T);
        else reject(this.#refused(request.status, request.response));
      };
      signal.addEventListener('abort', () => request.abort(), { once: true });
      const form = new FormData();
      form.append('file', file, file.name);
      request.send(form);
    });
  }

  async #send<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    const answer = await this.#fetch(path, {
      method,
      signal,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'GET' ? {} : { 'x-csrf-token': this.csrf }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const value = parsed(text);
    if (!answer.ok) throw this.#refused(answer.status, value);
    return value as T;
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(path, init);
    } catch (cause) {
      throw new RequestFailed('offline', cause instanceof Error ? cause.message : 'No answer.');
    }
  }

  #refused(status: number, body: unknown): RequestFailed {
    const failure = failureOf(status, body);
    if (failure.code === 'unauthenticated') this.onUnauthenticated();
    return failure;
  }
}

function search(query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  return given.length === 0
    ? ''
    : `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`;
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
