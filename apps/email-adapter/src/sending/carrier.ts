import type { SendMailOptions } from 'nodemailer';

/** Brings mails away: by a server, or into the outbox preview where none is set. */
export interface Carrier {
  /** Throws `DeliveryError`. Gives the recipients that were refused while others were not. */
  carry(mail: SendMailOptions): Promise<{ state: 'sent' | 'preview'; refused: string[] }>;
  close(): void;
}
