import type { AddressInfo } from 'node:net';
import { callbackify } from 'node:util';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerDataStream, SMTPServerOptions, SMTPServerSession } from 'smtp-server';

/** A mail as the other side got it. */
export interface SunkMail {
  raw: string;
  from: string;
  to: string[];
}

/** Somebody else's mail server: keeps what it takes, and can misbehave. */
export class MailSink {
  readonly mails: SunkMail[] = [];
  /** Asked before a mail is answered; what it throws is the answer. */
  onMail: (mail: SunkMail, session: SMTPServerSession) => Promise<void> | void = () => undefined;
  /** Asked for each recipient. */
  onRecipient: (address: string) => Error | undefined = () => undefined;
  private readonly server: SMTPServer;

  private constructor(options: SMTPServerOptions) {
    this.server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      lenientAddressParsing: true,
      closeTimeout: 200,
      ...options,
      onRcptTo: ({ address }, _, done) => done(this.onRecipient(address)),
      onData: callbackify(async (stream: SMTPServerDataStream, session: SMTPServerSession) => {
        const chunks: Buffer[] = [];
        for await (const chunk of stream) chunks.push(chunk as Buffer);
        await this.take(Buffer.concat(chunks), session);
        return 'taken';
      }),
    });
    this.server.on('error', () => undefined);
  }

  static async open(options: SMTPServerOptions = {}, port = 0): Promise<MailSink> {
    const sink = new MailSink(options);
    await new Promise<void>((resolve) => sink.server.listen(port, '127.0.0.1', resolve));
    return sink;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  /** The mails to an address, in order. */
  to(address: string): SunkMail[] {
    return this.mails.filter((mail) => mail.to.includes(address));
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(resolve));
  }

  private async take(raw: Buffer, session: SMTPServerSession): Promise<void> {
    const { mailFrom, rcptTo } = session.envelope;
    const mail = {
      raw: raw.toString(),
      from: mailFrom ? mailFrom.address : '',
      to: rcptTo.map(({ address }) => address),
    };
    await this.onMail(mail, session);
    this.mails.push(mail);
  }
}

export function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
