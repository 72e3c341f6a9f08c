import type { CgroupLimit } from "./cgroup.ts";
import { readKernelFile, readKernelNumber } from "./kernelFile.ts";

/** Memory of a cgroup that cannot be reclaimed, in bytes; null if the kernel does not tell. */
export function cgroupBytes({ version, folder }: Pick<CgroupLimit, "version" | "folder">): number | null {
  const text = readKernelFile(`${folder}/memory.stat`);
  if (!text) return null;
  const stat = parseStat(text);
  if (version === "v2") return unreclaimableV2(stat);
  return unreclaimableV1(stat, readKernelNumber(`${folder}/memory.kmem.usage_in_bytes`) ?? 0);
}

type Stat = ReadonlyMap<string, number>;

/**
 * `anon` + `shmem` + kernel memory, of memory.stat in a v2 cgroup (Linux, cgroup-v2.rst). `kernel` is told since
 * Linux 5.18 and includes caches that can be dropped; before, its parts are added up. `sock`, the buffers of
 * connections, is a count of its own in either.
 */
export function unreclaimableV2(stat: Stat): number {
  const of = (name: string) => stat.get(name) ?? 0;
  const parts =
    of("slab_unreclaimable") + of("kernel_stack") + of("pagetables") + of("percpu") + of("vmalloc");
  const kernel = stat.has("kernel") ? Math.max(0, of("kernel") - of("slab_reclaimable")) : parts;
  return of("anon") + of("shmem") + kernel + of("sock");
}

/**
 * The same in a v1 cgroup (memory.rst): its children included, hence `total_`. Kernel memory has a file of its own,
 * which does not say how much of it are caches that can be dropped: it counts in full, on the careful side.
 */
export function unreclaimableV1(stat: Stat, kernelBytes: number): number {
  return (stat.get("total_rss") ?? 0) + (stat.get("total_shmem") ?? 0) + kernelBytes;
}

/** The lines `name value` of memory.stat. */
export function parseStat(text: string): Stat {
  const pairs = text
    .trim()
    .split("\n")
    .map((line) => line.split(" ") as [string, string]);
  return new Map(pairs.map(([name, value]) => [name, Number(value)]));
}
