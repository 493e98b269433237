import { createHash, createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { S3Settings } from '../src/s3/s3-client.ts';

/** What the server does wrong with the next request. */
export type Fault = 'unavailable' | 'cut' | 'hang up';

/**
 * One bucket in memory that speaks as much S3 as a media store needs. It checks signatures (AWS Signature Version 4)
 * and content hashes by its own reading of the specification, and misbehaves when told to.
 */
export class S3Server {
  readonly objects = new Map<string, { body: Buffer; type: string }>();
  readonly requests: string[] = [];
  private readonly faults: Fault[] = [];

  private constructor(
    private readonly server: Server,
    readonly settings: S3Settings,
  ) {}

  static async start(): Promise<S3Server> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
    const started = new S3Server(server, { endpoint, bucket: 'attachments', region: 'eu-west-1', ...keys });
    server.on('request', (request, response) => void started.answer(request, response));
    return started;
  }

  /** The next requests meet these faults, one each. */
  misbehave(...faults: Fault[]): void {
    this.faults.push(...faults);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests.push(`${request.method} ${request.url}`);
    const fault = this.faults.shift();
    if (fault === 'hang up') return void request.socket.destroy();
    const body = await buffer(request);
    if (fault === 'unavailable')
      return void response.writeHead(503).end('<Error><Code>SlowDown</Code></Error>');
    if (!this.isSigned(request, body)) return void response.writeHead(403).end('<Error/>');
    const [, bucket, ...path] = request.url!.split('/');
    if (bucket !== this.settings.bucket) return void response.writeHead(404).end('<Error/>');
    const key = path.join('/');
    if (request.method === 'PUT') return this.put(request, response, key, body);
    if (key === '') return void response.writeHead(200).end();
    this.get(request, response, key, fault);
  }

  private put(request: IncomingMessage, response: ServerResponse, key: string, body: Buffer): void {
    // Real S3 refuses a body of unknown length.
    if (request.headers['content-length'] === undefined) return void response.writeHead(411).end();
    this.objects.set(key, { body, type: request.headers['content-type'] ?? '' });
    response.writeHead(200).end();
  }

  private get(request: IncomingMessage, response: ServerResponse, key: string, fault?: Fault): void {
    const found = this.objects.get(key);
    if (!found) return void response.writeHead(404, { 'content-type': 'application/xml' }).end('<Error/>');
    const { body, type } = found;
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    if (from !== undefined && Number(from) >= body.length) {
      return void response.writeHead(416, { 'content-range': `bytes */${body.length}` }).end('<Error/>');
    }
    const start = Number(from ?? 0);
    const end = Math.min(to ? Number(to) : body.length - 1, body.length - 1);
    const range = from === undefined ? {} : { 'content-range': `bytes ${start}-${end}/${body.length}` };
    const part = body.subarray(start, end + 1);
    const headers = { 'content-type': type, 'content-length': part.length, ...range };
    response.writeHead(from === undefined ? 200 : 206, headers);
    if (fault !== 'cut') return void response.end(part);
    response.write(part.subarray(0, part.length >> 1), () => request.socket.destroy());
  }

  /** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, step by step. */
  private isSigned({ method, url, headers }: IncomingMessage, body: Buffer): boolean {
    const pattern =
      /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=(\w{64})$/;
    const [, id, day, region, signed, signature] = pattern.exec(headers.authorization ?? '') ?? [];
    if (id !== this.settings.accessKeyId || region !== this.settings.region) return false;
    if (!['host', 'x-amz-content-sha256', 'x-amz-date'].every((name) => signed!.split(';').includes(name)))
      return false;
    const bodyHash = createHash('sha256').update(body).digest('hex');
    if (headers['x-amz-content-sha256'] !== bodyHash) return false;
    const lines = signed!.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
    const canonical = [method, url, '', lines.join(''), signed, bodyHash].join('\n');
    const toSign = [
      'AWS4-HMAC-SHA256',
      headers['x-amz-date'],
      `${day}/${region}/s3/aws4_request`,
      createHash('sha256').update(canonical).digest('hex'),
    ].join('\n');
    const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
    const key = [day!, region, 's3', 'aws4_request'].reduce<string | Buffer>(
      (secret, word) => hmac(secret, word!),
      `AWS4${this.settings.secretAccessKey}`,
    );
    return hmac(key, toSign).toString('hex') === signature;
  }
}
