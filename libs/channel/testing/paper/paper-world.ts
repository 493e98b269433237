import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import type { ChannelUnderTest } from '../channel-under-test.ts';
import { LetterBox } from './letter-box.ts';
import { PaperChannel } from './paper-channel.ts';

/** The paper channel with its customers, for the suite. */
export interface PaperWorld extends ChannelUnderTest<PaperChannel> {
  box: LetterBox;
}

export async function paperWorld(): Promise<PaperWorld> {
  const box = await LetterBox.open();
  return {
    box,
    channel: () => new PaperChannel(),
    settings: () => ({ port: box.port, stamp: 'secret' }),
    write: (to, message) => handIn(to, JSON.stringify(message)),
    writeNonsense: handIn,
    arrived: (address) => box.letters.flatMap((letter) => (letter.address === address ? [letter.text] : [])),
    close: () => box.close(),
  };
}

/** One line over TCP. A connection that breaks before the answer means: come again. */
async function handIn(to: PaperChannel, line: string): Promise<'acknowledged' | 'again'> {
  const socket = connect(to.port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write(`${line}\n`);
    for await (const answer of createInterface(socket)) return answer === 'ok' ? 'acknowledged' : 'again';
    return 'again';
  } catch {
    return 'again';
  } finally {
    socket.destroy();
  }
}
