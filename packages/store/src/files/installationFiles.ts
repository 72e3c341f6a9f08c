import type { FileStore } from "./fileStore.ts";

/** A file store that knows whose files it holds, and can be swept: what commands and maintenance need besides. */
export interface InstallationFiles extends FileStore {
  /**
   * Makes the store, for an installation that has stored nothing yet.
   *
   * @throws QuireError `storage_unavailable`, also if it is another installation's
   */
  create(): Promise<void>;

  /** @throws QuireError `storage_unavailable` if the store is not this installation's, or not there */
  assertOurs(): Promise<void>;

  /**
   * Removes what puts left behind when their process died.
   *
   * @param olderThanMs milliseconds since the last byte came in; above the longest silence of a living put,
   *   which would fail otherwise
   * @returns how many files were removed
   * @throws QuireError `storage_unavailable`
   */
  removeStaleUploads(olderThanMs: number): Promise<number>;

  /**
   * The keys of files that have not changed for a while. Some may be gone when they are looked at.
   *
   * @throws QuireError `storage_unavailable`
   */
  keysOlderThan(ageMs: number): AsyncIterable<string>;
}
