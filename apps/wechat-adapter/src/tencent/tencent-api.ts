import type { Clock } from '@yixian/contracts';
import { parseExactly } from '../callback/from-body.ts';
import { TencentRefused, TencentSilent } from './tencent-refused.ts';

/** Tencent answers within a second or so, in ms; media take longer. */
const PATIENCE = 10_000;
const MEDIA_PATIENCE = 30_000;
/** Nothing was handed over yet when one of these stopped us. */
const NEVER_SENT = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];

export interface Request {
  path: string;
  query?: Record<string, string>;
  /** JSON by POST; without it GET. */
  body?: unknown;
  /** A file, sent as the field `media` of a form. */
  file?: { content: Buffer; name: string; type: string };
  /** In ms; shorter than usual, when somebody waits for us. */
  patience?: number;
}

export type Answer = Record<string, unknown>;

/** Tencent's HTTP API: JSON both ways, errors by `errcode`. Throws {@link TencentRefused} and {@link TencentSilent}. */
export class TencentApi {
  constructor(
    /** `https://api.weixin.qq.com`, `https://qyapi.weixin.qq.com`, without a slash at the end. */
    private readonly base: string,
    private readonly clock: Clock,
  ) {}

  async call(request: Request): Promise<Answer> {
    return this.within(request, async (response) => answerIn(response, await response.text()));
  }

  /** A file. What is JSON is an error, or says where the file is (`video_url`). */
  async download(request: Request): Promise<{ content: Buffer } | { answer: Answer }> {
    return this.within({ patience: MEDIA_PATIENCE, ...request }, async (response) => {
      const type = response.headers.get('content-type') ?? '';
      if (!/json|text\/plain/.test(type)) return { content: Buffer.from(await response.arrayBuffer()) };
      return { answer: answerIn(response, await response.text()) };
    });
  }

  private async within<T>(request: Request, read: (response: Response) => Promise<T>): Promise<T> {
    const stop = new AbortController();
    const cancel = this.clock.after(request.patience ?? (request.file ? MEDIA_PATIENCE : PATIENCE), () =>
      stop.abort(),
    );
    try {
      return await read(await fetch(this.urlOf(request), { ...optionsOf(request), signal: stop.signal }));
    } catch (error) {
      if (error instanceof TencentRefused || error instanceof TencentSilent) throw error;
      const code = (error as { cause?: { code?: string } }).cause?.code ?? '';
      throw new TencentSilent(!NEVER_SENT.includes(code), { cause: error });
    } finally {
      cancel();
    }
  }

  private urlOf({ path, query = {} }: Request): string {
    return /^https?:/.test(path) ? path : `${this.base}/${path}?${new URLSearchParams(query).toString()}`;
  }
}

function optionsOf({ body, file }: Request): RequestInit {
  if (file) {
    const form = new FormData();
    form.append('media', new Blob([new Uint8Array(file.content)], { type: file.type }), file.name);
    return { method: 'POST', body: form, redirect: 'error' };
  }
  if (body === undefined) return { method: 'GET', redirect: 'error' };
  // Tencent shows `\u4f60` to customers as it is: JSON must be sent in UTF-8, which it is.
  return {
    method: 'POST',
    redirect: 'error',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
  };
}

function answerIn(response: Response, text: string): Answer {
  let answer: unknown;
  try {
    answer = parseExactly(text);
  } catch (error) {
    throw new TencentSilent(true, { cause: error });
  }
  if (typeof answer !== 'object' || answer === null) throw new TencentSilent(true);
  const { errcode = 0, errmsg = '' } = answer as { errcode?: number; errmsg?: string };
  if (errcode !== 0) throw new TencentRefused(errcode, errmsg);
  if (!response.ok) throw new TencentSilent(true);
  return answer as Answer;
}
