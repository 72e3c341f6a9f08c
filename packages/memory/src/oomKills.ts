import { readFileSync } from "node:fs";

/**
 * How many processes the kernel's out-of-memory killer has taken since boot on this machine, or null where
 * that is not told (not Linux). `/proc/vmstat` counts kills inside cgroups too, and is readable in
 * containers, so a rise while a child of ours died by SIGKILL tells who did it.
 */
export function oomKillCount(): number | null {
  try {
    const match = /^oom_kill (\d+)$/m.exec(readFileSync("/proc/vmstat", "utf8"));
    return match ? Number(match[1]) : null;
  } catch {
    return null;
  }
}
