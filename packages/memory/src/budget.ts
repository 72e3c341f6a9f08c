import { readFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { cgroupFolders } from "./cgroup.ts";

/**
 * The memory this process tree may use, in bytes: the lowest of the cgroup's limit, the given limit and the
 * machine's memory.
 */
export function memoryBudgetBytes(limitBytes: number | null): number {
  const limits = [totalmem(), limitBytes ?? Number.POSITIVE_INFINITY, cgroupMemoryLimitBytes()];
  return Math.min(...limits);
}

/**
 * The processors this process tree may use: the cgroup's quota rounded down, at least 1.
 * `os.availableParallelism()` knows the affinity mask but, under a v1 quota, not the quota.
 */
export function processorCount(): number {
  return Math.max(1, Math.floor(Math.min(availableParallelism(), cgroupProcessorQuota())));
}

function cgroupMemoryLimitBytes(): number {
  // An unlimited v1 cgroup says 2^63 rounded down to a page; the minimum with totalmem() takes care of it.
  const limits = [
    ...cgroupFolders("v2").map((folder) => readNumber(folder, "memory.max")),
    ...cgroupFolders("memory").map((folder) => readNumber(folder, "memory.limit_in_bytes")),
  ];
  return Math.min(...limits.map((limit) => limit ?? Number.POSITIVE_INFINITY));
}

function cgroupProcessorQuota(): number {
  const quotas = [
    ...cgroupFolders("v2").map((folder) => {
      const [quota, period] = readText(folder, "cpu.max")?.split(" ") ?? [];
      return quota === "max" ? Number.NaN : Number(quota) / Number(period);
    }),
    ...cgroupFolders("cpu").map((folder) => {
      const quota = readNumber(folder, "cpu.cfs_quota_us") ?? -1;
      return quota > 0 ? quota / (readNumber(folder, "cpu.cfs_period_us") ?? Number.NaN) : Number.NaN;
    }),
  ];
  return Math.min(...quotas.filter((quota) => quota > 0));
}

function readNumber(folder: string, file: string): number | null {
  const text = readText(folder, file);
  return text === null || !/^-?\d+$/.test(text) ? null : Number(text);
}

function readText(folder: string, file: string): string | null {
  try {
    return readFileSync(`${folder}/${file}`, "utf8").trim();
  } catch {
    return null;
  }
}
