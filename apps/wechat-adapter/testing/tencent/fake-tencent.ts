import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Faults } from './faults.ts';
import type { PeerFile } from './files.ts';
import { PeerError } from './peer-error.ts';

type Json = Record<string, unknown>;

/** Something that answers requests to Tencent's API. */
export interface Peer {
  answer(path: string, query: URLSearchParams, body: Json, file?: PeerFile): Json | PeerFile;
}

/**
 * Tencent's API over HTTP, as far as the adapter uses it: the real paths, bodies and error codes. Each peer has an
 * address of its own below. Can misbehave.
 */
export class FakeTencent {
  readonly faults = new Faults();
  /** Every request, as `path`. */
  readonly requests: string[] = [];
  private readonly peers = new Map<string, Peer>();

  private constructor(private readonly server: Server) {}

  static async open(): Promise<FakeTencent> {
    const server = createServer((request, response) => void tencent.serve(request, response));
    const tencent = new FakeTencent(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    server.unref();
    return tencent;
  }

  /** Gives the base URL of a peer's API. */
  add(name: string, peer: Peer): string {
    this.peers.set(name, peer);
    return this.urlOf(name);
  }

  urlOf(name: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${name}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://tencent');
    const [, name = '', ...rest] = url.pathname.split('/');
    const path = rest.join('/');
    this.requests.push(path);
    const bytes = await bytesOf(request);
    const fault = this.faults.take(path);
    if (fault === 'cut') return void request.socket.destroy();
    if (fault === 'mute') return;
    const performed =
      typeof fault === 'number'
        ? new PeerError(fault, 'as told')
        : await this.perform(name, path, url, request, bytes);
    // It was done, and nobody will hear of it.
    if (fault === 'late') return void request.socket.destroy();
    if (fault === 'nonsense') return void response.end('<html>502</html>');
    this.give(response, performed);
  }

  private async perform(name: string, path: string, url: URL, request: IncomingMessage, bytes: Buffer) {
    const peer = this.peers.get(name);
    if (!peer) return new PeerError(40066, 'invalid url');
    try {
      const type = request.headers['content-type'] ?? '';
      if (type.startsWith('multipart/form-data')) {
        const form = await new Response(new Uint8Array(bytes), {
          headers: { 'content-type': type },
        }).formData();
        return peer.answer(path, url.searchParams, {}, await fileIn(form));
      }
      const body = bytes.length > 0 ? (JSON.parse(bytes.toString()) as Json) : {};
      return peer.answer(path, url.searchParams, body);
    } catch (error) {
      if (error instanceof PeerError) return error;
      return new PeerError(47001, `data format error: ${String(error)}`);
    }
  }

  private give(response: ServerResponse, answer: Json | PeerFile | PeerError): void {
    if (isFile(answer)) return void response.setHeader('content-type', answer.type).end(answer.content);
    const json = answer instanceof PeerError ? { errcode: answer.errcode, errmsg: answer.message } : answer;
    response.setHeader('content-type', 'application/json; encoding=utf-8').end(JSON.stringify(json));
  }
}

const isFile = (answer: Json | PeerFile | PeerError): answer is PeerFile =>
  Buffer.isBuffer((answer as PeerFile).content);

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function fileIn(form: FormData): Promise<PeerFile> {
  const media = form.get('media');
  if (!media || typeof media === 'string') throw new PeerError(41005, 'media data missing');
  return { content: Buffer.from(await media.arrayBuffer()), name: media.name, type: media.type };
}
