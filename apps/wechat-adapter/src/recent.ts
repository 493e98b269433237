/** Remembers the newest of what it was told, in bounded memory. */
export class Recent<T> {
  private readonly known = new Map<string, T>();

  constructor(private readonly most: number) {}

  get(key: string): T | undefined {
    return this.known.get(key);
  }

  /** Whether it was not known. */
  add(key: string, value: T): boolean {
    const isNew = !this.known.has(key);
    if (isNew) this.set(key, value);
    return isNew;
  }

  /** A map keeps the order of insertion: taken out and put in again, the first is the oldest. */
  set(key: string, value: T): void {
    this.known.delete(key);
    this.known.set(key, value);
    if (this.known.size <= this.most) return;
    const [oldest] = this.known.keys();
    if (oldest !== undefined) this.known.delete(oldest);
  }

  delete(key: string): void {
    this.known.delete(key);
  }
}
