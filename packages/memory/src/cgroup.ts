import { existsSync, readFileSync } from "node:fs";
import { totalmem } from "node:os";
import { dirname } from "node:path";
import { readKernelNumber } from "./kernelFile.ts";

/** A cgroup that limits the memory of this process. */
export interface CgroupLimit {
  readonly version: "v1" | "v2";
  readonly folder: string;
  readonly limitBytes: number;
}

/** The tightest memory limit on this process's cgroup or on those it lies in; null if nothing limits it. */
export function cgroupMemoryLimit(): CgroupLimit | null {
  const limitsOf = (version: CgroupLimit["version"], controller: "v2" | "memory", file: string) =>
    cgroupFolders(controller).map((folder) => {
      const limitBytes = readKernelNumber(`${folder}/${file}`) ?? Number.POSITIVE_INFINITY;
      return { version, folder, limitBytes };
    });
  // An unlimited v1 cgroup says 2^63 rounded down to a page, which is more than any machine has.
  const limits = [
    ...limitsOf("v2", "v2", "memory.max"),
    ...limitsOf("v1", "memory", "memory.limit_in_bytes"),
  ].filter(({ limitBytes }) => limitBytes < totalmem());
  return limits.reduce<CgroupLimit | null>(
    (tightest, limit) => (tightest && tightest.limitBytes <= limit.limitBytes ? tightest : limit),
    null,
  );
}

/**
 * The folders of this process's own cgroup for a v1 controller, or for v2, and of those it lies in, up to the
 * mount: a limit on any of them holds. None on macOS, or where the hierarchy is not mounted.
 *
 * /proc/self/cgroup has lines `id:controllers:path` (v2: `0::path`; see cgroups(7)). Inside a container the
 * path may belong to the host's view and not exist here; then the mount itself is our cgroup.
 */
export function cgroupFolders(controller: "v2" | "memory" | "cpu"): string[] {
  let lines: string[];
  try {
    lines = readFileSync("/proc/self/cgroup", "utf8").trim().split("\n");
  } catch {
    return [];
  }
  for (const line of lines) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) continue;
    const matches = controller === "v2" ? controllers === "" : controllers.split(",").includes(controller);
    if (!matches) continue;
    const mounts =
      controller === "v2"
        ? ["/sys/fs/cgroup/unified", "/sys/fs/cgroup"]
        : [`/sys/fs/cgroup/${controller}`, `/sys/fs/cgroup/${controllers}`];
    for (const mount of mounts) {
      const own = `${mount}${path === "/" ? "" : path}`;
      const folder = [own, mount].find((candidate) => existsSync(`${candidate}/cgroup.procs`));
      if (folder) return upTo(mount, folder);
    }
  }
  return [];
}

function upTo(mount: string, folder: string): string[] {
  const folders = [folder];
  for (let outer = folder; outer !== mount; folders.push(outer)) outer = dirname(outer);
  return folders;
}
