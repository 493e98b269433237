import { localStore } from '../../ui/local-storage.ts';
import { Observable } from '../../ui/observable.ts';

const KEY = 'yixian:image-senders';
/** The oldest are forgotten beyond this many. */
const MANY = 500;

/** Whose remote images are shown without asking, in this browser. Addresses in lower case. */
export const trustedSenders = new Observable<ReadonlySet<string>>(new Set(localStore.read<string[]>(KEY)));

export function trustSender(address: string): void {
  const all = [...trustedSenders.get(), address.toLowerCase()].slice(-MANY);
  trustedSenders.set(new Set(all));
  localStore.write(KEY, all);
}
