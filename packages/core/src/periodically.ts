import { describeError, type Logger } from "./log.ts";

/**
 * A task with its own cadence: it never overlaps itself, delays no other, and its failure is logged and forgotten.
 */
export class Periodically {
  readonly #name: string;
  readonly #periodMs: number;
  readonly #task: () => Promise<void>;
  readonly #log: Logger;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(name: string, periodSeconds: number, task: () => Promise<void>, log: Logger) {
    this.#name = name;
    this.#periodMs = periodSeconds * 1000;
    this.#task = task;
    this.#log = log;
  }

  /** @param firstAfterMs by default some time within its period, so that tasks and workers are spread */
  start(firstAfterMs = Math.random() * this.#periodMs): void {
    this.#timer = setTimeout(() => this.#run(), firstAfterMs);
  }

  /** Resolves when it does not run any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#running;
  }

  #run(): void {
    this.#running = this.#task()
      .catch((error: unknown) =>
        this.#log.warn({ task: this.#name, error: describeError(error) }, "periodic task failed"),
      )
      .finally(() => {
        if (!this.#stopped) this.#timer = setTimeout(() => this.#run(), this.#periodMs);
      });
  }
}
