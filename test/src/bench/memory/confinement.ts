import { CgroupV1 } from "./cgroupV1.ts";
import { CgroupV2 } from "./cgroupV2.ts";
import type { Limits } from "./setting.ts";
import { WatchedTree } from "./watchedTree.ts";

/** Where a worker runs within its limits, and what is seen of its memory from outside. */
export interface Confinement {
  readonly kind: string;
  /** What the worker has to be told, since nothing else limits it. */
  readonly env: Readonly<Record<string, string>>;
  /** The command line that runs another one in here. */
  commandLine(program: string, args: readonly string[]): [program: string, args: string[]];
  /** The process whose tree is meant, where no cgroup says so; null: there is none now. */
  watch(pid: number | null): void;
  /** What cannot be reclaimed, in bytes. */
  usedBytes(): number;
  /** The kernel's own highest count, page cache included, in bytes; null where it keeps none. */
  kernelPeakBytes(): number | null;
  /** Processes that the kernel killed in here for want of memory; null where that is not told. */
  kernelKills(): number | null;
  /** Kills what still runs in here and removes it: at once, for this also happens while this process ends. */
  remove(): void;
}

let open: Set<Confinement> | null = null;

/**
 * Cgroups of our own, v1 or v2, which root on Linux may make; elsewhere a worker that is told its limit, and
 * is watched. Gone with this process, however it ends (bar SIGKILL).
 */
export function confine(limits: Limits): Confinement {
  const confinement = CgroupV1.make(limits) ?? CgroupV2.make(limits) ?? new WatchedTree(limits);
  if (open === null) {
    const atExit = new Set<Confinement>();
    process.on("exit", () => {
      for (const one of atExit) one.remove();
    });
    open = atExit;
  }
  open.add(confinement);
  return confinement;
}

export function release(confinement: Confinement): void {
  confinement.remove();
  open?.delete(confinement);
}
