import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Somebody else has the port, or we may not have it. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
  readonly code = 'port_taken';
}

/** Listens and gives the URL. Throws {@link PortTaken}. */
export async function listen(
  server: Server,
  { port, host, setting }: { port: number; host: string | undefined; setting: string },
): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(inWords(error, port, setting)));
    server.listen({ port, host }, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  return `http://${isAnyAddress(address.address) ? 'localhost' : bracketed(address)}:${address.port}`;
}

function inWords(error: NodeJS.ErrnoException, port: number, setting: string): Error {
  if (error.code === 'EADDRINUSE') {
    return new PortTaken(
      `Port ${port} is taken by another process. Stop that one, or set ${setting} to a free port.`,
    );
  }
  if (error.code === 'EACCES') {
    return new PortTaken(`Port ${port} may only be used by root. Set ${setting} to one above 1023.`);
  }
  return error;
}

const isAnyAddress = (address: string): boolean => address === '::' || address === '0.0.0.0';
const bracketed = ({ address, family }: AddressInfo): string =>
  family === 'IPv6' ? `[${address}]` : address;
