import { proportionalBytes, unreclaimableBytes } from "./processBytes.ts";
import { processTree, processTreeBytes } from "./processTree.ts";

/** How long what a process has mapped of files may pass for unchanged. */
const mappedHoldsMs = 10_000;

interface Mapped {
  readonly bytes: number;
  readonly measuredAtMs: number;
}

/**
 * Reads the same as {@link processTreeBytes}, again and again at little cost. PSS is anonymous memory, of which the
 * kernel keeps count, and mapped files, for which it walks the page tables (milliseconds for an engine at work, which
 * waits meanwhile). The second part hardly changes: it is measured when a process is new, and every ten seconds.
 */
export class ProcessTreeMeter {
  readonly #rootPid: number;
  /** By process id; none is kept beyond its process. */
  #mapped = new Map<number, Mapped>();

  constructor(rootPid: number) {
    this.#rootPid = rootPid;
  }

  /** @returns bytes */
  read(): number {
    if (process.platform !== "linux") return processTreeBytes(this.#rootPid);
    const mapped = new Map<number, Mapped>();
    let bytes = 0;
    for (const pid of processTree(this.#rootPid)) {
      const ownBytes = unreclaimableBytes(pid);
      const known = this.#mapped.get(pid);
      const isFresh = known && performance.now() - known.measuredAtMs < mappedHoldsMs;
      const part = isFresh ? known : measure(pid, ownBytes);
      mapped.set(pid, part);
      bytes += ownBytes + part.bytes;
    }
    this.#mapped = mapped;
    return bytes;
  }
}

function measure(pid: number, ownBytes: number): Mapped {
  return { bytes: Math.max(0, proportionalBytes(pid) - ownBytes), measuredAtMs: performance.now() };
}
