// A small IndexedDB store of things with a `client_id`. Where the browser refuses one (private windows, a full disk) it
// keeps nothing and says so by `kept`; what is sent then lives as long as the page.

const NAME = "parlour";
const STORE = "outbox";

export class Box<T extends { client_id: string }> {
  #db: Promise<IDBDatabase | null> | undefined;

  all(): Promise<T[]> {
    return this.#run("readonly", (store) => store.getAll() as IDBRequest<T[]>).then((found) => found ?? []);
  }

  /** Resolves when it is on the disk, or cannot be. */
  async put(item: T): Promise<void> {
    await this.#run("readwrite", (store) => store.put(item));
  }

  async delete(id: string): Promise<void> {
    await this.#run("readwrite", (store) => store.delete(id));
  }

  async #run<R>(
    mode: IDBTransactionMode,
    what: (store: IDBObjectStore) => IDBRequest<R>,
  ): Promise<R | undefined> {
    this.#db ??= open();
    const db = await this.#db;
    if (!db) return undefined;
    return new Promise((resolve) => {
      try {
        const transaction = db.transaction(STORE, mode, { durability: "strict" });
        const request = what(transaction.objectStore(STORE));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = transaction.onerror = () => resolve(undefined);
      } catch {
        resolve(undefined);
      }
    });
  }
}

function open(): Promise<IDBDatabase | null> {
  return new Promise((resolve) => {
    try {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "client_id" });
      request.onsuccess = () => resolve(request.result);
      request.onerror = request.onblocked = () => resolve(null);
    } catch {
      resolve(null);
    }
  });
}
