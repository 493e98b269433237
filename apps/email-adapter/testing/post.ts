import { createTransport } from 'nodemailer';
import type { SendMailOptions } from 'nodemailer';

/** Hands a mail to an SMTP (or LMTP) server on this machine. Rejects with nodemailer's error when it is refused. */
export async function post(
  port: number,
  mail: SendMailOptions,
  options: { lmtp?: boolean } = {},
): Promise<string> {
  const transport = createTransport({ host: '127.0.0.1', port, ignoreTLS: true, ...options });
  try {
    const { response, rejectedErrors } = await transport.sendMail(mail);
    if (rejectedErrors?.[0]) throw rejectedErrors[0];
    return response;
  } finally {
    transport.close();
  }
}

/** A mail as it stands in a file. */
export function postRaw(
  port: number,
  raw: string | Buffer,
  { from = 'ann@customers.example', to }: { from?: string; to: string | string[] },
): Promise<string> {
  return post(port, { raw, envelope: { from, to } });
}
