/** A value that tells whoever watches it when it is replaced; made for `useSyncExternalStore`. */
export class Watched<T> {
  #value: T;
  readonly #watchers = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) {
      return;
    }
    this.#value = value;
    for (const watcher of [...this.#watchers]) {
      watcher();
    }
  }

  /** Returns how to stop. Bound, so that it can be handed over as it is. */
  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  readonly read = (): T => this.#value;
}
