import type { Pictures, TakenPicture } from "../api/access.ts";
import { toProblem } from "../api/problem.ts";

/** Kept though nowhere shown, for who scrolls back: at some 150 KB each, 9 MB. */
const maxUnused = 60;

interface Entry {
  readonly url: Promise<string>;
  readonly stop: AbortController;
  /** Once it is there. */
  blobUrl: string | null;
  uses: number;
}

/** Pictures that are fetched with a header, each once however often it is shown, as addresses of blobs. */
export class PictureCache implements Pictures {
  readonly #ask: (path: string, init: RequestInit) => Promise<Response>;
  /** Those that were used last come last. */
  readonly #entries = new Map<string, Entry>();

  constructor(ask: (path: string, init: RequestInit) => Promise<Response>) {
    this.#ask = ask;
  }

  take(path: string): TakenPicture {
    const entry = this.#entries.get(path) ?? this.#load(path);
    this.#entries.delete(path);
    this.#entries.set(path, entry);
    entry.uses++;
    let isTaken = true;
    return {
      url: entry.url,
      giveBack: () => {
        if (isTaken) {
          isTaken = false;
          entry.uses--;
          this.#letGo(path, entry);
        }
      },
    };
  }

  /** Lets go of all of them: nobody is to see them any more. */
  clear(): void {
    for (const [path, entry] of this.#entries) {
      this.#drop(path, entry);
    }
  }

  #load(path: string): Entry {
    const stop = new AbortController();
    const entry: Entry = { url: this.#fetch(path, stop.signal), stop, blobUrl: null, uses: 0 };
    entry.url.then(
      (url) => {
        entry.blobUrl = url;
        if (stop.signal.aborted) {
          URL.revokeObjectURL(url);
        }
      },
      // The next one who shows it asks again.
      () => this.#drop(path, entry),
    );
    return entry;
  }

  async #fetch(path: string, signal: AbortSignal): Promise<string> {
    const answer = await this.#ask(path, { signal });
    if (!answer.ok) {
      throw toProblem(answer.status, await answer.text(), null);
    }
    return URL.createObjectURL(await answer.blob());
  }

  #letGo(path: string, entry: Entry): void {
    if (entry.uses === 0 && entry.blobUrl === null) {
      this.#drop(path, entry);
    }
    const unused = [...this.#entries].filter(([, { uses }]) => uses === 0);
    for (const [oldPath, old] of unused.slice(0, -maxUnused)) {
      this.#drop(oldPath, old);
    }
  }

  #drop(path: string, entry: Entry): void {
    if (this.#entries.get(path) === entry) {
      this.#entries.delete(path);
    }
    entry.stop.abort();
    if (entry.blobUrl !== null) {
      URL.revokeObjectURL(entry.blobUrl);
    }
  }
}
