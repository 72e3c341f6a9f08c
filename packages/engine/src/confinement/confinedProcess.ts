import { writeFileSync } from "node:fs";

/**
 * All of the environment that a confined process gets: nothing of our own, which may hold secrets.
 *
 * glibc keeps what one page needed in up to eight arenas a processor, and stops returning large blocks to the kernel
 * once it has seen a larger one freed. One arena, blocks of 1 MB and more always mapped and unmapped, and no more than 1 MB
 * kept free: with 2 MB and 16 MB, two threads take 40 MB more and 4 % less processor time; smaller blocks cost time and save
 * nothing (docs/decisions/0018).
 */
export const confinedEnvironment = {
  MALLOC_ARENA_MAX: "1",
  MALLOC_MMAP_THRESHOLD_: "1048576",
  MALLOC_TRIM_THRESHOLD_: "1048576",
};

/**
 * The young generation is small because every thread pays for three of its semi-spaces: 1 MB instead of V8's 16 costs
 * 15 MB less at 2 threads, and no time.
 */
export function heapOptions(maxHeapMegabytes: number): string[] {
  return ["--max-semi-space-size=1", `--max-old-space-size=${maxHeapMegabytes}`];
}

/** How V8 says that its heap is full, the only thing of interest that such a process prints. */
const heapExhausted = /JavaScript heap out of memory|FATAL ERROR: .*memory/;
const tailLength = 4_096;

/** The end of what a process prints on its standard error: why it died. */
export class StderrTail {
  #tail = "";

  add(text: string): void {
    this.#tail = (this.#tail + text).slice(-tailLength);
  }

  get saysHeapIsFull(): boolean {
    return heapExhausted.test(this.#tail);
  }
}

/**
 * If the kernel must take somebody, let it be the process with the stranger's file, which may not write this itself,
 * and not who started it.
 */
export function offerToKernel(pid: number | undefined): void {
  if (pid === undefined || process.platform !== "linux") return;
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, "1000");
  } catch {
    // Not allowed here: a courtesy, not a condition.
  }
}
