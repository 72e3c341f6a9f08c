import { listen } from "../listen.ts";

/** Whose changes are to be told: all of an owner's documents, or one of them. */
export interface Watched {
  readonly ownerId: string;
  readonly documentId?: string | undefined;
}

interface Watcher {
  readonly onChange: (documentId: string) => void;
  readonly onGap: () => void;
}

/** What `quire.tell_change` tells: the owner, a space, the document. */
const payloadPattern = /^(\S+) (\S+)$/;

/**
 * Tells of every change of a document the moment it is committed, its deletion included; what has changed is for the
 * watcher to look up. One connection serves all watchers, and a change is brought to those concerned only; how many
 * watchers there may be is for the caller to bound.
 */
export class DocumentChanges {
  /** By owner, and by owner and document as they are told. */
  readonly #watchers = new Map<string, Set<Watcher>>();
  readonly #listening: { close(): Promise<void> };

  /** @param url of the database; the connection is opened in the background, and again whenever it is lost */
  constructor(url: string) {
    this.#listening = listen(url, "quire_documents", {
      onNotification: (payload) => this.#tell(payload),
      onConnection: () => this.#tellGap(),
    });
  }

  /**
   * @param onChange is called with the document's id; must not throw
   * @param onGap is called when the connection stands (again): there may have been changes that were not told, so look
   *   anew. Must not throw
   * @returns what ends it
   */
  subscribe(
    { ownerId, documentId }: Watched,
    onChange: (documentId: string) => void,
    onGap: () => void,
  ): () => void {
    const key = (documentId === undefined ? ownerId : `${ownerId} ${documentId}`).toLowerCase();
    const watcher = { onChange, onGap };
    const watchers = this.#watchers.get(key) ?? new Set();
    this.#watchers.set(key, watchers.add(watcher));
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0 && this.#watchers.get(key) === watchers) this.#watchers.delete(key);
    };
  }

  /** How many are subscribed. */
  get watcherCount(): number {
    let count = 0;
    for (const { size } of this.#watchers.values()) count += size;
    return count;
  }

  async close(): Promise<void> {
    await this.#listening.close();
  }

  #tell(payload: string): void {
    const [, ownerId, documentId] = payload.match(payloadPattern) ?? [];
    if (ownerId === undefined || documentId === undefined) return;
    for (const key of [ownerId, payload])
      for (const { onChange } of this.#watchers.get(key) ?? []) onChange(documentId);
  }

  #tellGap(): void {
    for (const watchers of this.#watchers.values()) for (const { onGap } of watchers) onGap();
  }
}
