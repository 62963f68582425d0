// Changes that show at once, and may be made again before the server has answered. Those of one thing are told one after the
// other, so that the last one holds. When that one is refused, what the server has confirmed last is shown again.
type Turn<T> = { waiting: number; told: Promise<unknown>; so: T };

export class InTurn<K, T> {
  #turns = new Map<K, Turn<T>>();

  constructor(private readonly show: (key: K, value: T) => void) {}

  /** From what is shown `now`. Throws where `tell` does. */
  async change(key: K, now: T, to: T, tell: () => Promise<void>): Promise<void> {
    const turn = this.#turns.get(key) ?? { waiting: 0, told: Promise.resolve(), so: now };
    this.#turns.set(key, turn);
    turn.waiting += 1;
    this.show(key, to);
    const told = turn.told.then(tell);
    turn.told = told.catch(() => undefined);
    try {
      await told;
      turn.so = to;
    } catch (error) {
      if (turn.waiting === 1) this.show(key, turn.so);
      throw error;
    } finally {
      turn.waiting -= 1;
      if (turn.waiting === 0) this.#turns.delete(key);
    }
  }

  /** The line says so: another device changed it, or a change of this one comes back. */
  confirmed(key: K, value: T): void {
    const turn = this.#turns.get(key);
    if (turn) turn.so = value;
  }
}
