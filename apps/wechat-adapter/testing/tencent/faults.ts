/** One way to misbehave, once: an error code, no answer, an answer that is cut off, or nonsense. */
export type Fault = number | 'mute' | 'cut' | 'nonsense' | 'late';

/** Faults that wait for requests to a path, one each, in order. */
export class Faults {
  private readonly waiting: { path: string; fault: Fault }[] = [];

  /** The next requests whose path ends with `path` meet these. */
  add(path: string, ...faults: Fault[]): void {
    this.waiting.push(...faults.map((fault) => ({ path, fault })));
  }

  take(path: string): Fault | undefined {
    const at = this.waiting.findIndex((one) => path.endsWith(one.path));
    return at < 0 ? undefined : this.waiting.splice(at, 1)[0]!.fault;
  }
}
