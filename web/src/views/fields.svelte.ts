// What a form changes of what stands already. A field follows what stands until it is changed here, and only what was
// changed is sent: what somebody else, or I elsewhere, set meanwhile is not set back.
//   const fields = new Fields(() => ({ name: room.name }));
//   bind:value={fields.now.name}     `fields.changes` to send, `fields.sent(changes)` where the form stays open

const tidy = <V>(value: V): V => (typeof value === "string" ? (value.trim() as V) : value);

type Mine<T> = { [K in keyof T]?: { value: T[K]; over: T[K] } };

export class Fields<T extends object> {
  /** What was written here, and over what. */
  #mine = $state.raw<Mine<T>>({});
  readonly #stands: () => T;
  readonly now = {} as T;

  constructor(stands: () => T) {
    this.#stands = stands;
    for (const key of Object.keys(stands()) as (keyof T)[])
      Object.defineProperty(this.now, key, {
        enumerable: true,
        get: () => (this.#mine[key] ?? { value: stands()[key] }).value,
        set: (value: T[typeof key]) => this.#set(key, value),
      });
  }

  /** Without spaces at the ends, as everything is stored. */
  get changes(): Partial<T> {
    const stands = this.#stands();
    const changes: Partial<T> = {};
    for (const key of Object.keys(this.#mine) as (keyof T)[]) {
      const value = tidy(this.now[key]);
      if (value !== stands[key]) changes[key] = value;
    }
    return changes;
  }

  get changed(): boolean {
    return Object.keys(this.changes).length > 0;
  }

  /** What stands there by now is neither what I began to change nor what I changed it to. */
  overtaken(key: keyof T): boolean {
    return key in this.changes && this.#mine[key]?.over !== this.#stands()[key];
  }

  /** These are stored: what was not written on meanwhile follows again. */
  sent(changes: Partial<T>): void {
    for (const key of Object.keys(changes) as (keyof T)[])
      if (tidy(this.now[key]) === changes[key]) this.#follow(key);
  }

  /** What was written here is not wanted. */
  drop(): void {
    this.#mine = {};
  }

  #set<K extends keyof T>(key: K, value: T[K]): void {
    const stands = this.#stands()[key];
    if (value === stands) this.#follow(key);
    else
      this.#mine = { ...this.#mine, [key]: { value, over: this.#mine[key] ? this.#mine[key].over : stands } };
  }

  #follow(key: keyof T): void {
    const { [key]: _, ...rest } = this.#mine;
    this.#mine = rest as Mine<T>;
  }
}
