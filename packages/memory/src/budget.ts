import { availableParallelism, totalmem } from "node:os";
import { cgroupFolders, cgroupMemoryLimit } from "./cgroup.ts";
import { readKernelFile, readKernelNumber } from "./kernelFile.ts";

/** What a process tree may use. */
export interface Resources {
  /** The lowest of the cgroup's limit, the given one and the machine's memory. */
  readonly budgetBytes: number;
  /** By the cgroup's quota where there is one, so that it may be less than one. */
  readonly processors: number;
}

/** @param limitBytes a limit of one's own, or null */
export function availableResources(limitBytes: number | null): Resources {
  return { budgetBytes: memoryBudgetBytes(limitBytes), processors: processors() };
}

/**
 * The memory this process tree may use, in bytes: the lowest of the cgroup's limit, the given limit and the
 * machine's memory.
 */
export function memoryBudgetBytes(limitBytes: number | null): number {
  const none = Number.POSITIVE_INFINITY;
  return Math.min(totalmem(), limitBytes ?? none, cgroupMemoryLimit()?.limitBytes ?? none);
}

/** `os.availableParallelism()` knows the affinity mask but, under a v1 quota, not the quota. */
function processors(): number {
  return Math.min(availableParallelism(), cgroupProcessorQuota());
}

function cgroupProcessorQuota(): number {
  const quotas = [
    ...cgroupFolders("v2").map((folder) => {
      const [quota, period] = readKernelFile(`${folder}/cpu.max`)?.split(" ") ?? [];
      return quota === "max" ? Number.NaN : Number(quota) / Number(period);
    }),
    ...cgroupFolders("cpu").map((folder) => {
      const quota = readKernelNumber(`${folder}/cpu.cfs_quota_us`) ?? -1;
      const period = readKernelNumber(`${folder}/cpu.cfs_period_us`) ?? Number.NaN;
      return quota > 0 ? quota / period : Number.NaN;
    }),
  ];
  return Math.min(...quotas.filter((quota) => quota > 0));
}
