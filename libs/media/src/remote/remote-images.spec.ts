import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '@yixian/contracts';
import { TestClock } from '@yixian/contracts/testing';
import { aPng } from '../../testing/samples.ts';
import { MediaLinks } from '../media-links.ts';
import { RemoteImages } from './remote-images.ts';
import { serveRemoteImages } from './serve-remote-images.ts';

const png = aPng(2, 2);
let server: Server;
let port: number;
let answer: RequestListener;
const asked: { url: string; headers: object }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push({ url: request.url!, headers: request.headers });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked.length = 0;
  answer = (_, response) => void response.end(png);
});

/** The loopback plays the Internet: `shop.example` and its like are here, and here alone may be reached. */
const names: Record<string, string[]> = {
  'shop.example': ['127.0.0.1'],
  'inside.example': ['10.0.0.7'],
  'half.example': ['127.0.0.1', '192.168.0.1'],
  'gone.example': [],
};
const reach = {
  resolve: async (host: string) => names[host] ?? [],
  mayReach: (address: string) => address === '127.0.0.1',
};
const images = new RemoteImages(systemClock, reach);
const at = (path: string, host = 'shop.example') => `http://${host}:${port}${path}`;

describe('RemoteImages', () => {
  it('fetches an image without a word about the reader', async () => {
    answer = (_, response) => void response.setHeader('content-type', 'text/html').end(png);
    expect(await images.fetch(at('/logo.png?x=1'))).toEqual({ content: png, type: 'image/png' });
    expect(asked).toEqual([
      { url: '/logo.png?x=1', headers: expect.objectContaining({ accept: 'image/*' }) },
    ]);
    expect(Object.keys(asked[0]!.headers).sort()).toEqual(['accept', 'connection', 'host', 'user-agent']);
  });

  it.each([
    ['a private address', 'http://192.168.1.1/x.png', 'forbidden'],
    ['an address in disguise', 'http://0x0a000001/x.png', 'forbidden'],
    ['the address of a cloud’s own data', 'http://169.254.169.254/latest/meta-data/', 'forbidden'],
    ['an address in brackets', 'http://[::1]/x.png', 'forbidden'],
    ['a name that leads inside', 'http://inside.example/x.png', 'forbidden'],
    ['a name that leads inside as well', 'http://half.example/x.png', 'forbidden'],
    ['a name that leads nowhere', 'http://gone.example/x.png', 'forbidden'],
    ['a file', 'file:///etc/passwd', 'invalid'],
    ['data', 'data:image/png;base64,AAAA', 'invalid'],
    ['a login', 'http://user:secret@shop.example/x.png', 'invalid'],
    ['nonsense', 'logo.png', 'invalid'],
  ])('does not go to %s', async (_, address, code) => {
    await expect(images.fetch(address)).rejects.toMatchObject({ code });
    expect(asked).toEqual([]);
  });

  it('goes where it is sent, but not inside, and not for ever', async () => {
    answer = ({ url }, response) => {
      if (url === '/old') response.writeHead(302, { location: '/new' }).end();
      else if (url === '/inside') response.writeHead(301, { location: 'http://10.0.0.7/x.png' }).end();
      else if (url === '/round') response.writeHead(302, { location: at('/round') }).end();
      else response.end(png);
    };
    expect((await images.fetch(at('/old'))).type).toBe('image/png');
    await expect(images.fetch(at('/inside'))).rejects.toMatchObject({ code: 'forbidden' });
    await expect(images.fetch(at('/round'))).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('takes nothing but an image that is there, whole and not too large', async () => {
    const codeOf = async (listener: RequestListener) => {
      answer = listener;
      return images.fetch(at('/x')).then(
        () => 'taken',
        (refused: { code: string }) => refused.code,
      );
    };
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"></svg>';
    const large = Buffer.concat([png, Buffer.alloc(11 * 2 ** 20)]);
    const cut: RequestListener = (_, response) => {
      response.writeHead(200, { 'content-length': 99 }).write(png);
      setImmediate(() => response.destroy());
    };
    expect(await codeOf((_, r) => void r.setHeader('content-type', 'image/png').end('<script>'))).toBe(
      'unsupported',
    );
    expect(await codeOf((_, r) => void r.end(svg))).toBe('unsupported');
    expect(await codeOf((_, r) => void r.writeHead(404).end(png))).toBe('not_found');
    expect(await codeOf((_, r) => void r.end(large))).toBe('too_large');
    expect(await codeOf(cut)).toBe('unavailable');
  });

  it('gives up a server that never answers', async () => {
    const clock = new TestClock();
    const started = new Promise<void>((resolve) => (answer = () => resolve()));
    const fetching = new RemoteImages(clock, reach).fetch(at('/slow'));
    fetching.catch(() => undefined);
    await started;
    clock.advance(15_000);
    await expect(fetching).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  });
});

describe('serveRemoteImages', () => {
  const links = new MediaLinks(randomBytes(32), systemClock);
  const token = links.token({ key: '*', ttlMs: 60_000 });
  let door: Server;
  let url: string;
  beforeAll(async () => {
    door = createServer(serveRemoteImages(images, links));
    await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(door.address() as AddressInfo).port}/media/remote`;
  });
  afterAll(() => {
    door.closeAllConnections();
    door.close();
  });
  const ask = (address: string, t = token) =>
    fetch(`${url}?u=${encodeURIComponent(address)}&t=${encodeURIComponent(t)}`);

  it('gives the image to whoever has the token, as something that can run nothing', async () => {
    const given = await ask(at('/logo.png'));
    expect(given.status).toBe(200);
    expect(Buffer.from(await given.arrayBuffer())).toEqual(png);
    expect(Object.fromEntries(given.headers)).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
    });
  });

  it('answers a refusal with a problem', async () => {
    const statuses = await Promise.all([
      ask(at('/x.png'), 'no token'),
      ask('http://10.0.0.1/'),
      ask('javascript:alert(1)'),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([403, 403, 400]);
    expect(await statuses[1]!.json()).toMatchObject({ error: { code: 'forbidden' } });
    expect(asked).toEqual([]);
  });
});
