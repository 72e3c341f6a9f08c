import { processTree, processTreeBytes } from "@quire/memory";
import type { Confinement } from "./confinement.ts";
import { type Limits, mebibyte } from "./setting.ts";

/** No limits but the one that the worker is told: its processes are watched. Processors are not limited. */
export class WatchedTree implements Confinement {
  readonly kind = "watched processes (no cgroup can be made here: processors are not limited)";
  readonly env: Readonly<Record<string, string>>;
  #pid: number | null = null;

  constructor({ memoryBytes }: Limits) {
    this.env = { MEMORY_LIMIT_MB: String(memoryBytes / mebibyte) };
  }

  commandLine(program: string, args: readonly string[]): [string, string[]] {
    return [program, [...args]];
  }

  watch(pid: number | null): void {
    this.#pid = pid;
  }

  usedBytes(): number {
    return this.#pid === null ? 0 : processTreeBytes(this.#pid);
  }

  kernelPeakBytes(): null {
    return null;
  }

  kernelKills(): null {
    return null;
  }

  remove(): void {
    if (this.#pid === null) return;
    for (const pid of processTree(this.#pid)) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has ended by itself.
      }
    }
  }
}
