import { totalmem } from "node:os";
import { type CgroupLimit, cgroupMemoryLimit } from "./cgroup.ts";
import { readKernelFile, readKernelNumber } from "./kernelFile.ts";
import { processTreeBytes } from "./processTree.ts";

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
 * The one number that decides whether the kernel kills: memory that it cannot take back. Page cache, spooled files
 * and mapped code are not in it.
 *
 * Each limit is compared with what counts against it: a cgroup's limit with all that is in the cgroup; a limit of
 * our own, or the machine's memory, with our processes alone, for others share the rest. The one that is nearer to
 * its limit is told.
 */
export class MemoryGauge {
  readonly #rootPid: number;
  readonly #cgroup: CgroupLimit | null;
  /** The limit on our processes; null where the cgroup's is at least as tight. */
  readonly #treeLimitBytes: number | null;

  /** @param limitBytes a limit of one's own, or null; `rootPid`: the process whose tree is meant */
  constructor(limitBytes: number | null, rootPid: number = process.pid) {
    this.#rootPid = rootPid;
    this.#cgroup = cgroupMemoryLimit();
    const ownBytes = limitBytes !== null && limitBytes < totalmem() ? limitBytes : null;
    if (this.#cgroup) {
      const tighter = ownBytes !== null && ownBytes < this.#cgroup.limitBytes;
      this.#treeLimitBytes = tighter ? ownBytes : null;
    } else this.#treeLimitBytes = ownBytes ?? totalmem();
  }

  read(): MemoryReading {
    const readings: MemoryReading[] = [];
    if (this.#cgroup) {
      const { version, limitBytes } = this.#cgroup;
      readings.push(reading(cgroupBytes(this.#cgroup), limitBytes, `cgroup ${version}`));
    }
    if (this.#treeLimitBytes !== null)
      readings.push(reading(processTreeBytes(this.#rootPid), this.#treeLimitBytes, "processes"));
    return readings.reduce((one, other) => (other.share > one.share ? other : one));
  }
}

function reading(usedBytes: number, limitBytes: number, source: MemoryReading["source"]): MemoryReading {
  return { usedBytes, limitBytes, share: usedBytes / limitBytes, source };
}

/** Memory of a cgroup that cannot be reclaimed, in bytes. */
export function cgroupBytes({ version, folder }: Pick<CgroupLimit, "version" | "folder">): number {
  const stat = parseStat(readKernelFile(`${folder}/memory.stat`) ?? "");
  if (version === "v2") return unreclaimableV2(stat);
  return unreclaimableV1(stat, readKernelNumber(`${folder}/memory.kmem.usage_in_bytes`) ?? 0);
}

type Stat = ReadonlyMap<string, number>;

/**
 * `anon` + `shmem` + kernel memory, of memory.stat in a v2 cgroup (Linux, cgroup-v2.rst). `kernel` is told since
 * Linux 5.18 and includes caches that can be dropped; before, its parts are added up.
 */
export function unreclaimableV2(stat: Stat): number {
  const of = (name: string) => stat.get(name) ?? 0;
  const parts = of("slab_unreclaimable") + of("kernel_stack") + of("pagetables") + of("percpu") + of("sock");
  const kernel = stat.has("kernel") ? of("kernel") - of("slab_reclaimable") : parts;
  return of("anon") + of("shmem") + Math.max(0, kernel);
}

/** The same in a v1 cgroup (memory.rst): its children included, hence `total_`; kernel memory has a file of its own. */
export function unreclaimableV1(stat: Stat, kernelBytes: number): number {
  return (stat.get("total_rss") ?? 0) + (stat.get("total_shmem") ?? 0) + kernelBytes;
}

/** The lines `name value` of memory.stat. */
export function parseStat(text: string): Stat {
  const pairs = text.split("\n").map((line) => line.split(" ") as [string, string]);
  return new Map(pairs.map(([name, value]) => [name, Number(value)]));
}
