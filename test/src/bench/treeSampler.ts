import { readFileSync } from "node:fs";
import { processTree, processTreeBytes } from "@quire/memory";

/** From one sample to the next, at least. */
const restMs = 50;
/** What /proc counts processor time in: USER_HZ, 100 on every Linux that Node runs on (see proc_pid_stat(5)). */
const ticksPerSecond = 100;

export interface TreeSamples {
  readonly peakBytes: number;
  /** User and system time of the tree, its ended processes included; null where /proc is not there. */
  readonly cpuSeconds: number | null;
  /** The longest time between two samples: a peak shorter than this may have been missed. */
  readonly longestGapMs: number;
}

/** Watches a process and its descendants from outside until it is stopped. */
export class TreeSampler {
  readonly #rootPid: number;
  readonly #mostShare: number;
  #timer: NodeJS.Timeout;
  #peakBytes = 0;
  #cpuSeconds: number | null = null;
  #longestGapMs = 0;
  #lastSampleMs = performance.now();

  /**
   * @param mostShare of a processor's time that watching may take. A sample of a process with many mappings takes 14 ms:
   * beside a command whose time counts, all of two processors, a watch without rest would cost it a tenth.
   */
  constructor(rootPid: number, mostShare = 1) {
    this.#rootPid = rootPid;
    this.#mostShare = mostShare;
    this.#timer = setTimeout(() => this.#watch(), restMs);
  }

  /** Ends the watch. The time since the last sample is no gap: the processes ended in it. */
  stop(): TreeSamples {
    clearTimeout(this.#timer);
    return { peakBytes: this.#peakBytes, cpuSeconds: this.#cpuSeconds, longestGapMs: this.#longestGapMs };
  }

  #watch(): void {
    const start = performance.now();
    this.#sample();
    const tookMs = performance.now() - start;
    this.#timer = setTimeout(() => this.#watch(), Math.max(restMs, tookMs / this.#mostShare - tookMs));
  }

  #sample(): void {
    const nowMs = performance.now();
    this.#longestGapMs = Math.max(this.#longestGapMs, nowMs - this.#lastSampleMs);
    this.#lastSampleMs = nowMs;
    this.#peakBytes = Math.max(this.#peakBytes, processTreeBytes(this.#rootPid));
    // The largest sum, not the last: at the very end a process may be gone that nobody has waited for yet.
    const cpuSeconds = treeCpuSeconds(this.#rootPid);
    if (cpuSeconds !== null) this.#cpuSeconds = Math.max(this.#cpuSeconds ?? 0, cpuSeconds);
  }
}

/** The processor time of a process and its descendants so far, in seconds; null where /proc is not there. */
export function treeCpuSeconds(rootPid: number): number | null {
  if (process.platform !== "linux") return null;
  return processTree(rootPid).reduce((sum, pid) => sum + processCpuSeconds(pid), 0);
}

/** The time of a process and of those of its children that it has waited for. */
function processCpuSeconds(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // After `pid (command)` come state (field 3) …, utime, stime, cutime and cstime (fields 14 to 17).
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return ticks / ticksPerSecond;
  } catch {
    return 0;
  }
}
