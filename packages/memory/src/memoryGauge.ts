import { totalmem } from "node:os";
import { type CgroupLimit, cgroupMemoryLimit } from "./cgroup.ts";
import { cgroupBytes } from "./cgroupBytes.ts";
import { ProcessTreeMeter } from "./processTreeMeter.ts";

/** What cannot be reclaimed, beside the limit that it counts against, in bytes. */
export interface MemoryReading {
  readonly usedBytes: number;
  readonly limitBytes: number;
  /** `usedBytes / limitBytes` */
  readonly share: number;
  /** Who counted: the kernel for a cgroup, or the sum over our processes. */
  readonly source: "cgroup v2" | "cgroup v1" | "processes";
}

/**
 * The one number that decides whether the kernel kills: memory that it cannot take back. Page cache and spooled files
 * are not in it.
 *
 * Each limit is compared with what counts against it: a cgroup's limit with all that is in the cgroup; a limit of
 * our own, or the machine's memory, with our processes alone, for others share the rest. The one that is nearer to
 * its limit is told.
 */
export class MemoryGauge {
  readonly #processes: ProcessTreeMeter;
  readonly #cgroup: CgroupLimit | null;
  /** The limit on our processes; null where the cgroup's is at least as tight. */
  readonly #treeLimitBytes: number | null;

  /** @param limitBytes a limit of one's own on a process and its descendants, or null; `rootPid`: that process */
  constructor(limitBytes: number | null, rootPid: number = process.pid) {
    this.#processes = new ProcessTreeMeter(rootPid);
    this.#cgroup = cgroupMemoryLimit();
    const ownBytes = limitBytes ?? totalmem();
    const isTighter = ownBytes < (this.#cgroup?.limitBytes ?? Number.POSITIVE_INFINITY);
    this.#treeLimitBytes = isTighter ? Math.min(ownBytes, totalmem()) : null;
  }

  read(): MemoryReading {
    const readings: MemoryReading[] = [];
    if (this.#cgroup) {
      const { version, limitBytes } = this.#cgroup;
      const usedBytes = cgroupBytes(this.#cgroup);
      // Without the kernel's word, our own processes are the least that there is.
      readings.push(
        usedBytes === null
          ? reading(this.#processes.read(), limitBytes, "processes")
          : reading(usedBytes, limitBytes, `cgroup ${version}`),
      );
    }
    if (this.#treeLimitBytes !== null)
      readings.push(reading(this.#processes.read(), this.#treeLimitBytes, "processes"));
    return readings.reduce((one, other) => (other.share > one.share ? other : one));
  }
}

function reading(usedBytes: number, limitBytes: number, source: MemoryReading["source"]): MemoryReading {
  return { usedBytes, limitBytes, share: usedBytes / limitBytes, source };
}
