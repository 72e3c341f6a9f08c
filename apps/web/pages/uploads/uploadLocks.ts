/** Lets one tab at a time work on an upload; a tab that closes or crashes lets go. */
export interface UploadLocks {
  /** How to let go, or null if another tab has it. */
  take(id: string): Promise<(() => void) | null>;
  /** Waits until the other tab lets go. Rejects when `signal` says so. */
  takeWhenFree(id: string, signal: AbortSignal): Promise<() => void>;
}

const lockName = (id: string) => `quire-upload-${id}`;
const letGoOfNothing = () => {};

/** By the Web Locks API; a browser without it (an address that is not secure) counts as having one tab only. */
export class BrowserUploadLocks implements UploadLocks {
  take(id: string): Promise<(() => void) | null> {
    return hold(id, { ifAvailable: true });
  }

  async takeWhenFree(id: string, signal: AbortSignal): Promise<() => void> {
    return (await hold(id, { signal })) ?? letGoOfNothing;
  }
}

function hold(id: string, options: LockOptions): Promise<(() => void) | null> {
  if (!("locks" in navigator)) {
    return Promise.resolve(letGoOfNothing);
  }
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(lockName(id), options, (lock) => {
        if (lock === null) {
          resolve(null);
          return;
        }
        // The lock is held for as long as this promise is open.
        return new Promise<void>((letGo) => resolve(() => letGo()));
      })
      .catch(reject);
  });
}
