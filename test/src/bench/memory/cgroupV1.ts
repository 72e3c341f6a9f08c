import { existsSync } from "node:fs";
import { cgroupBytes, cgroupFolders, readKernelNumber } from "@quire/memory";
import { insideCommandLine, makeCgroup, namedValue, removeCgroup, setKernelFile } from "./cgroupFolder.ts";
import type { Confinement } from "./confinement.ts";
import type { Limits } from "./setting.ts";

/** The kernel's default (Linux, sched-bwc.rst), and what hosts use: the quota is a share of it. */
const periodMicroseconds = 100_000;

/** A memory and a cpu cgroup, v1, inside those of this process (Linux, cgroup-v1/memory.rst and sched-bwc.rst). */
export class CgroupV1 implements Confinement {
  readonly kind = "cgroup v1";
  readonly env = {};
  readonly #memory: string;
  readonly #cpu: string;

  private constructor(memory: string, cpu: string) {
    this.#memory = memory;
    this.#cpu = cpu;
  }

  /** @returns null where such cgroups are not there or may not be made */
  static make({ memoryBytes, processors }: Limits): CgroupV1 | null {
    const [memory, cpu] = (["memory", "cpu"] as const).map((controller) => {
      const [own] = cgroupFolders(controller);
      return own === undefined ? null : makeCgroup(own);
    });
    if (memory && cpu) {
      const limited =
        setKernelFile(`${memory}/memory.limit_in_bytes`, memoryBytes) &&
        setKernelFile(`${cpu}/cpu.cfs_period_us`, periodMicroseconds) &&
        setKernelFile(`${cpu}/cpu.cfs_quota_us`, Math.round(processors * periodMicroseconds)) &&
        withoutSwap(memory, memoryBytes);
      if (limited) return new CgroupV1(memory, cpu);
    }
    for (const folder of [memory, cpu]) if (folder) removeCgroup(folder);
    return null;
  }

  commandLine(program: string, args: readonly string[]): [string, string[]] {
    return insideCommandLine([this.#memory, this.#cpu], program, args);
  }

  watch(): void {}

  usedBytes(): number {
    return cgroupBytes({ version: "v1", folder: this.#memory }) ?? 0;
  }

  kernelPeakBytes(): number | null {
    return readKernelNumber(`${this.#memory}/memory.max_usage_in_bytes`);
  }

  kernelKills(): number | null {
    return namedValue(`${this.#memory}/memory.oom_control`, "oom_kill");
  }

  remove(): void {
    removeCgroup(this.#memory);
    removeCgroup(this.#cpu);
  }
}

/** Memory and swap together may be no more than memory alone; a kernel that does not count swap has no such file. */
function withoutSwap(folder: string, memoryBytes: number): boolean {
  const file = `${folder}/memory.memsw.limit_in_bytes`;
  return !existsSync(file) || setKernelFile(file, memoryBytes);
}
