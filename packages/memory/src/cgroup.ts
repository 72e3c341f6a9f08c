import { existsSync, readFileSync } from "node:fs";

/**
 * The folder that shows this process's own cgroup for a v1 controller, or for v2, or null where there is
 * none (macOS, or the hierarchy is not mounted).
 *
 * /proc/self/cgroup has lines `id:controllers:path` (v2: `0::path`; see cgroups(7)). Inside a container the
 * path may belong to the host's view and not exist here; then the mount itself is our cgroup.
 */
export function cgroupFolder(controller: "v2" | "memory" | "cpu"): string | null {
  let lines: string[];
  try {
    lines = readFileSync("/proc/self/cgroup", "utf8").trim().split("\n");
  } catch {
    return null;
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
      for (const folder of [`${mount}${path === "/" ? "" : path}`, mount]) {
        if (existsSync(`${folder}/cgroup.procs`)) return folder;
      }
    }
  }
  return null;
}
