import { readFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { cgroupFolder } from "./cgroup.ts";

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
  const v2 = readNumber(cgroupFolder("v2"), "memory.max");
  const v1 = readNumber(cgroupFolder("memory"), "memory.limit_in_bytes");
  // An unlimited v1 cgroup says 2^63 rounded down to a page; the minimum with totalmem() takes care of it.
  return Math.min(v2 ?? Number.POSITIVE_INFINITY, v1 ?? Number.POSITIVE_INFINITY);
}

function cgroupProcessorQuota(): number {
  const max = readText(cgroupFolder("v2"), "cpu.max")?.split(" ");
  if (max && max[0] !== "max") return Number(max[0]) / Number(max[1]);
  const quota = readNumber(cgroupFolder("cpu"), "cpu.cfs_quota_us");
  const period = readNumber(cgroupFolder("cpu"), "cpu.cfs_period_us");
  return quota !== null && quota > 0 && period ? quota / period : Number.POSITIVE_INFINITY;
}

function readNumber(folder: string | null, file: string): number | null {
  const text = readText(folder, file);
  return text === null || !/^-?\d+$/.test(text) ? null : Number(text);
}

function readText(folder: string | null, file: string): string | null {
  if (folder === null) return null;
  try {
    return readFileSync(`${folder}/${file}`, "utf8").trim();
  } catch {
    return null;
  }
}
