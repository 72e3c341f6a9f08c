import { createStore, del, delMany, entries, get, set, type UseStore } from "idb-keyval";
import type { KeptUpload } from "./upload.ts";

/** Remembers uploads across reloads. Whatever the browser refuses (no room, private mode) is told, never thrown. */
export interface UploadKeeper {
  /** True if the file was kept as well. */
  add(kept: KeptUpload, file: Blob): Promise<boolean>;
  update(kept: KeptUpload): Promise<void>;
  all(): Promise<KeptUpload[]>;
  one(id: string): Promise<KeptUpload | null>;
  file(id: string): Promise<Blob | null>;
  remove(id: string): Promise<void>;
}

const facts = "facts:";
const file = "file:";

/** In IndexedDB. The file has an entry of its own, so that it is written once and not with every change. */
export class BrowserUploadKeeper implements UploadKeeper {
  readonly #ownerId: string | null;
  #opened: UseStore | null = null;

  /** @param ownerId whose uploads are kept and seen; null where nobody signs in */
  constructor(ownerId: string | null) {
    this.#ownerId = ownerId;
  }

  #store(): UseStore {
    this.#opened ??= createStore("quire", "uploads");
    return this.#opened;
  }

  async add(kept: KeptUpload, blob: Blob): Promise<boolean> {
    await this.update(kept);
    return succeeds(() => set(file + kept.id, blob, this.#store()));
  }

  async update(kept: KeptUpload): Promise<void> {
    const owned: KeptUpload = { ...kept, ownerId: this.#ownerId };
    await succeeds(() => set(facts + kept.id, owned, this.#store()));
  }

  async all(): Promise<KeptUpload[]> {
    return (await this.#everybodys())
      .filter((kept) => this.#isOwn(kept))
      .sort((a, b) => a.addedAtMs - b.addedAtMs);
  }

  async #everybodys(): Promise<KeptUpload[]> {
    try {
      // `entries` would read the files as well, but only as references: their bytes stay on disk.
      const found = await entries<string, KeptUpload>(this.#store());
      return found.filter(([key]) => key.startsWith(facts)).map(([, kept]) => kept);
    } catch {
      return [];
    }
  }

  #isOwn({ ownerId = null }: KeptUpload): boolean {
    return ownerId === this.#ownerId;
  }

  async one(id: string): Promise<KeptUpload | null> {
    return (await orNull(() => get<KeptUpload>(facts + id, this.#store()))) ?? null;
  }

  async file(id: string): Promise<Blob | null> {
    return (await orNull(() => get<Blob>(file + id, this.#store()))) ?? null;
  }

  async remove(id: string): Promise<void> {
    const isGone = await succeeds(() => delMany([facts + id, file + id], this.#store()));
    if (!isGone) {
      // An older entry may be unreadable; what can be named can still be removed one by one.
      await succeeds(() => del(facts + id, this.#store()));
    }
  }

  /** Removes all that is this owner's. */
  async removeOwn(): Promise<void> {
    for (const { id } of await this.all()) {
      await this.remove(id);
    }
  }

  /** Removes what anybody else has left on this computer. */
  async removeOthers(): Promise<void> {
    for (const kept of await this.#everybodys()) {
      if (!this.#isOwn(kept)) {
        await this.remove(kept.id);
      }
    }
  }
}

async function succeeds(action: () => Promise<void>): Promise<boolean> {
  try {
    await action();
    return true;
  } catch {
    return false;
  }
}

async function orNull<T>(action: () => Promise<T>): Promise<T | null> {
  try {
    return await action();
  } catch {
    return null;
  }
}
