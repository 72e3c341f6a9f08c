/** What a file store has, key by key, as `DiskFileStore` lists it. */
export interface StoredKeys {
  /** @throws QuireError `storage_unavailable` */
  keysOlderThan(ageMs: number): AsyncIterable<string>;
}

/** A file that is written right now may be dated by another clock. */
const clockSkewMs = 60 * 60_000;

/** Every key there is. */
export function allKeys(files: StoredKeys): AsyncIterable<string> {
  return files.keysOlderThan(-clockSkewMs);
}

/** Whether a key names one of these ids: its owner's or its document's. */
export function namesOneOf(key: string, ids: ReadonlySet<string>): boolean {
  return key.split("/").some((segment) => ids.has(segment));
}
