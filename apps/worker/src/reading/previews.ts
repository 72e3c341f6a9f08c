import { QuireError, within } from "@quire/core";
import type { FileStore } from "@quire/store";

/** A store that takes a preview does so in milliseconds. A page that waits for it must not look like one that hangs. */
const storeWithinMs = 10_000;

/** Stores the pictures of pages. None of them is worth a page, so a store that hangs is not waited for again and again. */
export class Previews {
  readonly #files: FileStore;
  readonly #storeWithinMs: number;
  /** Puts that were not waited for to the end, and have not come to it. */
  #hanging = 0;

  constructor(files: FileStore, limitMs = storeWithinMs) {
    this.#files = files;
    this.#storeWithinMs = limitMs;
  }

  /**
   * Stores a preview. Bounded in time, and while another one hangs it is not tried.
   *
   * @param signal ends it
   * @throws QuireError those of the file store, `storage_unavailable` also where it hangs; the signal's reason
   */
  async store(key: string, preview: Uint8Array, signal: AbortSignal): Promise<void> {
    if (this.#hanging > 0) throw hangs();
    let ended = false;
    const put = this.#files.put(key, contentOf(preview), { signal }).finally(() => {
      ended = true;
    });
    try {
      await within(this.#storeWithinMs, put);
    } catch (error) {
      if (ended) throw error;
      this.#hanging++;
      put.catch(() => {}).finally(() => this.#hanging--);
      throw hangs();
    }
  }
}

async function* contentOf(preview: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  yield preview;
}

function hangs(): QuireError {
  return new QuireError("storage_unavailable", "The file store takes no preview in time.");
}
