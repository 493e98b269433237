/** A running Dovecot: any user may log in by IMAP with the password; any address takes mail by LMTP. */
export interface Dovecot {
  readonly imapPort: number;
  readonly lmtpPort: number;
  readonly password: string;
  /** kill -9 of every process that serves an IMAP connection. Gives how many there were. */
  killImapWorkers(): number;
  /** As a restore from a backup does: other UIDs and UIDVALIDITY, and what was moved to `Processed` is in the inbox again. */
  renumber(user: string): void;
  restart(): Promise<void>;
  /** Ends it and deletes its mail. */
  stop(): Promise<void>;
}

/** Starts a real Dovecot on this machine, installed when it is missing and we may. Rejects in words when it cannot. */
export function startDovecot(options?: {
  /**
   * Takes access tokens too (XOAUTH2): asks here, with the token as Bearer, and lets in where the answer is JSON with
   * `active: true` and the `username`.
   */
  introspectionUrl?: string;
}): Promise<Dovecot>;
