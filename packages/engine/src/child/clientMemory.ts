/** What is used of the memory and how much there is, in bytes. */
export interface MemoryFill {
  readonly usedBytes: number;
  readonly limitBytes: number;
}

/**
 * What the client reads of the memory that it and its engines share. The engine may not look at other processes itself:
 * beside their memory the kernel would show it their environment, secrets included.
 */
export class ClientMemory {
  readonly #ask: () => void;
  /** As many as pages under way, at most; answered in the order asked. */
  readonly #waiting: ((fill: MemoryFill) => void)[] = [];

  /** @param ask sends the question to the client */
  constructor(ask: () => void) {
    this.#ask = ask;
  }

  read(): Promise<MemoryFill> {
    const { promise, resolve } = Promise.withResolvers<MemoryFill>();
    this.#waiting.push(resolve);
    this.#ask();
    return promise;
  }

  answer(fill: MemoryFill): void {
    this.#waiting.shift()?.(fill);
  }
}
