/** Runs work in order for each key, and side by side for all. */
export class SerialByKey {
  private readonly last = new Map<string, Promise<unknown>>();

  /** How many keys have work that waits or runs. */
  get size(): number {
    return this.last.size;
  }

  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(key);
    const turn = before ? before.then(work, work) : work();
    this.last.set(key, turn);
    const forget = () => {
      if (this.last.get(key) === turn) this.last.delete(key);
    };
    turn.then(forget, forget);
    return turn;
  }
}
