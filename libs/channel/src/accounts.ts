import type { AccountChanged, AccountId, Payload } from '@yixian/contracts';
import { openSettings } from '@yixian/contracts/node';
import type { Logger } from 'pino';
import type { AccountSettings, ChannelAbout } from './channel.ts';

type Listener = (id: AccountId, account: AccountSettings | undefined) => void;

/** The accounts of one channel as they are now. An account that is disabled or removed is not there. */
export class Accounts {
  private readonly current = new Map<AccountId, AccountSettings>();
  private readonly versions = new Map<AccountId, number>();
  private readonly listeners: Listener[] = [];

  constructor(
    private readonly about: ChannelAbout,
    private readonly key: Buffer,
    private readonly log: Logger,
  ) {}

  all(): AccountSettings[] {
    return [...this.current.values()];
  }

  get(id: AccountId): AccountSettings | undefined {
    return this.current.get(id);
  }

  /** Tells of each account now, and of each change from now on. */
  listen(listener: Listener): void {
    this.listeners.push(listener);
    for (const account of this.all()) this.call(listener, account.id, account);
  }

  /** Takes the hub's word. What is of another channel, or older than what is known, changes nothing. */
  apply(changed: AccountChanged): void {
    if (changed.channel !== this.about.channel) return;
    if (changed.version <= (this.versions.get(changed.account) ?? 0)) return;
    // An account that is made anew under an old id begins its versions again.
    if (changed.removed) this.versions.delete(changed.account);
    else this.versions.set(changed.account, changed.version);
    const account = changed.enabled && !changed.removed ? this.open(changed) : undefined;
    if (account) this.current.set(changed.account, account);
    else if (!this.current.delete(changed.account)) return;
    for (const listener of this.listeners) this.call(listener, changed.account, account);
  }

  private open(changed: AccountChanged): AccountSettings | undefined {
    try {
      const settings: Payload = openSettings(this.about.settings, changed.settings, this.key);
      return { id: changed.account, name: changed.name, settings, version: changed.version };
    } catch (error) {
      // Another YIXIAN_SECRET than the hub's. Only a person can mend that; the other accounts go on.
      this.log.error({ account: changed.account, err: error }, 'The secrets of an account cannot be opened.');
      return undefined;
    }
  }

  private call(listener: Listener, id: AccountId, account: AccountSettings | undefined): void {
    try {
      listener(id, account);
    } catch (error) {
      this.log.error({ account: id, err: error }, 'The channel could not take the change of an account.');
    }
  }
}
