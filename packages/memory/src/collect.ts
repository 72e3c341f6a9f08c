/** What one collection did, in bytes of heap, external memory and array buffers together. */
export interface Collection {
  readonly beforeBytes: number;
  readonly afterBytes: number;
}

/**
 * Collects garbage now, in this thread, and says what it freed. Needs `node --expose-gc`; without it nothing
 * happens and null is returned.
 */
export function collectGarbage(): Collection | null {
  if (!globalThis.gc) return null;
  const beforeBytes = managedBytes();
  globalThis.gc();
  return { beforeBytes, afterBytes: managedBytes() };
}

function managedBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
