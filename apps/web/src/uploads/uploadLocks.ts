import { ERRORS, type Lock, type Locker, type RequestRelease } from "@tus/server";

interface Held {
  /** Asks whoever holds it to let go: a connection that is dead may not have been noticed yet. */
  readonly requestRelease: RequestRelease;
  readonly waiting: (() => void)[];
}

/** Longer than whoever holds it takes to let go when asked: see `lockDrainTimeout`. */
const waitAtMostMs = 10_000;

/**
 * One request at a time writes to an upload, within this process. The library's own locker asks again in every turn
 * of the event loop while it waits, which takes a whole processor.
 */
export class UploadLocks implements Locker {
  readonly #held = new Map<string, Held>();

  newLock(id: string): Lock {
    return {
      lock: (stop, requestRelease) => this.#lock(id, stop, requestRelease),
      unlock: async () => this.#unlock(id),
    };
  }

  async #lock(id: string, stop: AbortSignal, requestRelease: RequestRelease): Promise<void> {
    const deadline = AbortSignal.any([stop, AbortSignal.timeout(waitAtMostMs)]);
    for (let held = this.#held.get(id); held; held = this.#held.get(id)) {
      await held.requestRelease();
      await released(held, deadline);
    }
    this.#held.set(id, { requestRelease, waiting: [] });
  }

  #unlock(id: string): void {
    const held = this.#held.get(id);
    this.#held.delete(id);
    for (const wake of held?.waiting ?? []) wake();
  }
}

async function released({ waiting }: Held, deadline: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const late = () => reject(ERRORS.ERR_LOCK_TIMEOUT);
  waiting.push(resolve);
  deadline.addEventListener("abort", late);
  if (deadline.aborted) late();
  try {
    await promise;
  } finally {
    deadline.removeEventListener("abort", late);
  }
}
