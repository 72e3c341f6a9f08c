import { existsSync } from "node:fs";
import { cgroupBytes, cgroupFolders, readKernelNumber } from "@quire/memory";
import { insideCommandLine, makeCgroup, namedValue, removeCgroup, setKernelFile } from "./cgroupFolder.ts";
import type { Confinement } from "./confinement.ts";
import type { Limits } from "./setting.ts";

const periodMicroseconds = 100_000;

/**
 * A v2 cgroup (Linux, cgroup-v2.rst). A cgroup other than the root has either processes or children with
 * controllers ("No Internal Process Constraint"): so it cannot be made in this process's own one, but only in
 * the nearest around it that has none, as a systemd slice. In a container there may be none that is visible.
 */
export class CgroupV2 implements Confinement {
  readonly kind = "cgroup v2";
  readonly env = {};
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @returns null where such a cgroup may not be made */
  static make({ memoryBytes, processors }: Limits): CgroupV2 | null {
    const parent = cgroupFolders("v2").find((folder) =>
      setKernelFile(`${folder}/cgroup.subtree_control`, "+memory +cpu"),
    );
    const folder = parent === undefined ? null : makeCgroup(parent);
    if (folder === null) return null;
    const quota = `${Math.round(processors * periodMicroseconds)} ${periodMicroseconds}`;
    const limited =
      setKernelFile(`${folder}/memory.max`, memoryBytes) &&
      setKernelFile(`${folder}/cpu.max`, quota) &&
      // Not there where the kernel has no swap.
      (!existsSync(`${folder}/memory.swap.max`) || setKernelFile(`${folder}/memory.swap.max`, 0));
    if (limited) return new CgroupV2(folder);
    removeCgroup(folder);
    return null;
  }

  commandLine(program: string, args: readonly string[]): [string, string[]] {
    return insideCommandLine([this.#folder], program, args);
  }

  watch(): void {}

  usedBytes(): number {
    return cgroupBytes({ version: "v2", folder: this.#folder }) ?? 0;
  }

  /** Since Linux 5.19. */
  kernelPeakBytes(): number | null {
    return readKernelNumber(`${this.#folder}/memory.peak`);
  }

  kernelKills(): number | null {
    return namedValue(`${this.#folder}/memory.events`, "oom_kill");
  }

  remove(): void {
    removeCgroup(this.#folder);
  }
}
