import { createReadStream } from 'node:fs';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { AwsV4Signer } from 'aws4fetch';
import { pause } from '@yixian/contracts';
import type { Clock } from '@yixian/contracts';
import { MediaUnavailable } from '../media-error.ts';

/** Where a bucket is and how to get in. */
export interface S3Settings {
  /** `https://s3.eu-west-1.amazonaws.com`, or any service that speaks the protocol. */
  endpoint: string;
  bucket: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** `endpoint/bucket/key` instead of `bucket.endpoint/key`; most services but Amazon's want it. Default true. */
  pathStyle?: boolean;
}

export interface S3Request {
  method: 'GET' | 'HEAD' | 'PUT';
  /** Empty for the bucket itself. */
  key: string;
  headers?: Record<string, string>;
  /** A file to send as the body; read again for each attempt. */
  file?: { path: string; size: number; sha256: string };
}

/** Tried again at once, then after 100, 400 and 1600 ms: together shorter than a customer's patience. */
const PAUSES_MS = [0, 100, 400, 1600];
const IDLE_TIMEOUT_MS = 15_000;

/**
 * Signed requests to one bucket. Everything asked of it is idempotent, so what fails on the way or with 429 or 5xx is
 * tried again; then throws {@link MediaUnavailable}. Every other answer is the caller's.
 *
 * Signing is aws4fetch's; sending is Node's, since `fetch` cannot send a file with a length without reading it whole.
 */
export class S3Client {
  constructor(
    private readonly settings: S3Settings,
    private readonly clock: Clock,
  ) {}

  async send(request: S3Request): Promise<IncomingMessage> {
    let cause: unknown;
    for (const ms of PAUSES_MS) {
      if (ms) await pause(this.clock, ms);
      try {
        const answer = await this.attempt(request);
        if (answer.statusCode! < 500 && answer.statusCode !== 429) return answer;
        answer.resume();
        cause = new Error(`S3 answered ${answer.statusCode}.`);
      } catch (error) {
        cause = error;
      }
    }
    throw new MediaUnavailable(`S3 ${request.method} failed ${PAUSES_MS.length} times.`, { cause });
  }

  private async attempt(request: S3Request): Promise<IncomingMessage> {
    const url = this.urlOf(request.key);
    const { headers } = await new AwsV4Signer({
      url: url.href,
      method: request.method,
      headers: { 'x-amz-content-sha256': request.file?.sha256 ?? EMPTY_SHA256, ...request.headers },
      accessKeyId: this.settings.accessKeyId,
      secretAccessKey: this.settings.secretAccessKey,
      region: this.settings.region,
      service: 's3',
    }).sign();
    return exchange(url, request, Object.fromEntries(headers));
  }

  private urlOf(key: string): URL {
    const { endpoint, bucket, pathStyle = true } = this.settings;
    const url = new URL(endpoint);
    if (!pathStyle) url.hostname = `${bucket}.${url.hostname}`;
    url.pathname = [url.pathname.replace(/\/$/, ''), ...(pathStyle ? [bucket] : []), key].join('/');
    return url;
  }
}

/** SHA-256 of no bytes. */
const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

function exchange(
  url: URL,
  { method, file }: S3Request,
  headers: Record<string, string>,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(url, {
      method,
      headers: { ...headers, ...(file && { 'content-length': file.size }) },
    });
    request.once('response', resolve);
    request.once('error', reject);
    request.setTimeout(IDLE_TIMEOUT_MS, () => request.destroy(new Error('S3 fell silent.')));
    // What breaks the body breaks the request too, which rejects above.
    if (file) pipeline(createReadStream(file.path), request).catch(reject);
    else request.end();
  });
}
