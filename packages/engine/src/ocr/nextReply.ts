import { once } from "node:events";
import type { Worker } from "node:worker_threads";

/** The next message of a thread; rejects if it dies instead. */
export async function nextReply<Reply>(worker: Worker): Promise<Reply> {
  const settled = new AbortController();
  const { signal } = settled;
  try {
    return await Promise.race([
      once(worker, "message", { signal }).then(([reply]) => reply as Reply),
      once(worker, "exit", { signal }).then(([code]) => {
        throw new Error(`a thread ended with code ${code}`);
      }),
    ]);
  } finally {
    settled.abort();
  }
}
