import { once } from 'node:events';
import { connect } from 'node:net';

/** Brings mails to an SMTP server over one connection, with as little work as can be. Rejects unless each is taken. */
export async function bring(port: number, mails: readonly string[]): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  let text = '';
  const answer = async (wanted: string): Promise<void> => {
    // The last line of an answer has a space behind its code.
    while (!/^\d{3} .*\r\n$/m.test(text)) {
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      text += chunk.toString('latin1');
    }
    const got = text;
    text = '';
    if (!got.startsWith(wanted)) throw new Error(`The receiver says: ${got}`);
  };
  const say = (line: string, wanted: string): Promise<void> => {
    socket.write(line);
    return answer(wanted);
  };
  await answer('220');
  await say('EHLO bench\r\n', '250');
  for (const mail of mails) {
    await say('MAIL FROM:<customer@customers.example>\r\n', '250');
    await say('RCPT TO:<support@shop.example>\r\n', '250');
    await say('DATA\r\n', '354');
    await say(`${mail}\r\n.\r\n`, '250');
  }
  socket.end('QUIT\r\n');
}
