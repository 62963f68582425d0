// A small IndexedDB store of things with a key of their own. Where the browser refuses one (private windows, a full disk) it
// keeps nothing, and what is sent then lives as long as the page. Each has a database of its own: two of them in one could
// not be added to while another tab holds the old one open.

export class Box<T> {
  #db: Promise<IDBDatabase | null> | undefined;

  constructor(
    private readonly name: string,
    private readonly store: string,
    /** The field that tells one from another. */
    private readonly key: keyof T & string,
  ) {}

  all(): Promise<T[]> {
    return this.#run("readonly", (store) => store.getAll() as IDBRequest<T[]>).then((found) => found ?? []);
  }

  get(id: string): Promise<T | undefined> {
    return this.#run("readonly", (store) => store.get(id) as IDBRequest<T | undefined>);
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
    this.#db ??= this.#open();
    const db = await this.#db;
    if (!db) return undefined;
    return new Promise((resolve) => {
      try {
        const transaction = db.transaction(this.store, mode, { durability: "strict" });
        const request = what(transaction.objectStore(this.store));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = transaction.onerror = () => resolve(undefined);
      } catch {
        resolve(undefined);
      }
    });
  }

  #open(): Promise<IDBDatabase | null> {
    return new Promise((resolve) => {
      try {
        const request = indexedDB.open(this.name, 1);
        request.onupgradeneeded = () => request.result.createObjectStore(this.store, { keyPath: this.key });
        request.onsuccess = () => resolve(request.result);
        request.onerror = request.onblocked = () => resolve(null);
      } catch {
        resolve(null);
      }
    });
  }
}
