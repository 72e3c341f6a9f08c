import { readKernelFile } from "./kernelFile.ts";

const kibibyte = 1024;

/**
 * What one Linux process weighs, in bytes: its PSS, pages that it shares counted by its share of them
 * (proc_pid_smaps(5)). Where that is not told (an old kernel, a sandbox that does without), its resident size. 0 once
 * it is gone.
 *
 * The kernel walks the page tables for it: milliseconds for an engine at work.
 */
export function proportionalBytes(pid: number): number {
  const rollup = readKernelFile(`/proc/${pid}/smaps_rollup`);
  return rollup === null ? residentBytes(pid) : kibibytesAt(rollup, "Pss") * kibibyte;
}

/**
 * The part of a process that the kernel can only swap out: anonymous and shared memory, in bytes. Two counters that the
 * kernel keeps anyway, so that reading them costs next to nothing; 0 once it is gone.
 */
export function unreclaimableBytes(pid: number): number {
  const status = readKernelFile(`/proc/${pid}/status`) ?? "";
  return (kibibytesAt(status, "RssAnon") + kibibytesAt(status, "RssShmem")) * kibibyte;
}

function residentBytes(pid: number): number {
  return kibibytesAt(readKernelFile(`/proc/${pid}/status`) ?? "", "VmRSS") * kibibyte;
}

function kibibytesAt(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? 0);
}
