import type { EntryId } from '@yixian/contracts';
import type { OutboxItem, OutboxStorage } from './outbox.ts';

const NAME = 'yixian-outbox';
const STORE = 'items';

/** Keeps unsent items in IndexedDB; in memory only where the browser forbids it. */
export async function openOutboxStorage(): Promise<OutboxStorage> {
  try {
    return new IndexedOutbox(await open());
  } catch {
    return new MemoryOutbox();
  }
}

class IndexedOutbox implements OutboxStorage {
  readonly #db: IDBDatabase;

  constructor(db: IDBDatabase) {
    this.#db = db;
  }

  all = (): Promise<OutboxItem[]> => done(this.#items('readonly').getAll() as IDBRequest<OutboxItem[]>);

  async put(item: OutboxItem): Promise<void> {
    await done(this.#items('readwrite').put(item));
  }

  async remove(id: EntryId): Promise<void> {
    await done(this.#items('readwrite').delete(id));
  }

  #items(mode: IDBTransactionMode): IDBObjectStore {
    return this.#db.transaction(STORE, mode).objectStore(STORE);
  }
}

export class MemoryOutbox implements OutboxStorage {
  readonly items = new Map<EntryId, OutboxItem>();
  all = async (): Promise<OutboxItem[]> => [...this.items.values()];
  put = async (item: OutboxItem): Promise<void> => void this.items.set(item.id, item);
  remove = async (id: EntryId): Promise<void> => void this.items.delete(id);
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'id' });
  return done(request);
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed.'));
  });
}
