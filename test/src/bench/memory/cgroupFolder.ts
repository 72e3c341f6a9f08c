import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const removeWithinMs = 10_000;
const tryAgainAfterMs = 20;
let made = 0;

/** Makes a cgroup in another one. @returns its folder, or null where that is not allowed or not possible */
export function makeCgroup(parent: string): string | null {
  const folder = join(parent, `quire-bench-${process.pid}-${made++}`);
  try {
    mkdirSync(folder);
    return folder;
  } catch {
    return null;
  }
}

/** @returns whether the kernel took the value */
export function setKernelFile(path: string, value: string | number): boolean {
  try {
    writeFileSync(path, String(value));
    return true;
  } catch {
    return false;
  }
}

/** A value by its name in a file of lines `name value`; null if it is not there. */
export function namedValue(path: string, name: string): number | null {
  try {
    const line = readFileSync(path, "utf8")
      .split("\n")
      .find((one) => one.startsWith(`${name} `));
    return line === undefined ? null : Number(line.slice(name.length + 1));
  } catch {
    return null;
  }
}

/** The command line that runs another one inside, from its first instruction on. */
export function insideCommandLine(
  folders: readonly string[],
  program: string,
  args: readonly string[],
): [string, string[]] {
  const joining = folders.map((_, index) => `echo $$ > "$${index + 1}/cgroup.procs"`);
  const script = `set -e; ${joining.join("; ")}; shift ${folders.length}; exec "$@"`;
  return ["/bin/sh", ["-c", script, "sh", ...folders, program, ...args]];
}

/** Kills what runs in a cgroup and removes it: at once, for this also happens while the process ends. */
export function removeCgroup(folder: string): void {
  const deadline = performance.now() + removeWithinMs;
  for (;;) {
    for (const pid of processesIn(folder)) kill(pid);
    try {
      rmdirSync(folder);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
      if (performance.now() > deadline) {
        console.error(`bench: ${folder} cannot be removed: ${(error as Error).message}`);
        return;
      }
    }
    // A killed process leaves its cgroup a little later.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, tryAgainAfterMs);
  }
}

function processesIn(folder: string): number[] {
  try {
    return readFileSync(join(folder, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
