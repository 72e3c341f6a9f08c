import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** What one collection did, in bytes of heap and external memory (array buffers) together. */
export interface Collection {
  readonly beforeBytes: number;
  readonly afterBytes: number;
}

/** Collects garbage now, in this thread, and says what it freed. */
export function collectGarbage(): Collection {
  const beforeBytes = managedBytes();
  collector()();
  return { beforeBytes, afterBytes: managedBytes() };
}

let found: (() => void) | undefined;

/** V8's own `gc`: there with `node --expose-gc`, else fetched from a context that is made once with that flag set. */
function collector(): () => void {
  found ??= globalThis.gc as (() => void) | undefined;
  if (!found) {
    setFlagsFromString("--expose-gc");
    found = runInNewContext("gc") as () => void;
  }
  return found;
}

function managedBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
