/** A running Postfix: takes mail by SMTP from this machine. */
export interface Postfix {
  readonly port: number;
  /** Tries again at once what waits in its queue. */
  flush(): void;
  stop(): Promise<void>;
}

/**
 * Starts a real Postfix that hands the mail of each domain on by LMTP, to a port of this machine. Installed when it is
 * missing and we may. Rejects in words when it cannot be had; it needs root.
 */
export function startPostfix(options: { lmtp: Record<string, number> }): Promise<Postfix>;
