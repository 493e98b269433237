/** How this process is reached and what it serves; for injection by {@link DESK}. */
export interface DeskOptions {
  /** How browsers reach us, if it was said. Agents log in from there alone. */
  publicUrl: string | undefined;
  /** How many reverse proxies stand in front. */
  trustProxy: number;
  /** Folder of the inbox's built files. */
  inboxDir: string;
  /** New socket connections that one network address may open per second. */
  connectionsPerSecond: number;
}

export const DESK = Symbol('yixian:desk-options');
