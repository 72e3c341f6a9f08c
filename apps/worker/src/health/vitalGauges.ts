import { lanes } from "@quire/core";
import { memoryLevels } from "@quire/memory";
import { assess } from "./assess.ts";
import type { Bound } from "./bounds.ts";
import type { Instruments } from "./instruments.ts";
import type { Vitals } from "./vitals.ts";

const secondsPerHour = 3_600;

/** What is read off the worker's vitals at the moment of a scrape. */
export class VitalGauges {
  readonly #gauges;

  constructor(make: Instruments) {
    const gauge = make.gauge.bind(make);
    this.#gauges = {
      build: make.gauge("build_info", "1, with the version that runs.", ["version"]),
      uptime: gauge("uptime_seconds", "Since the worker started."),
      healthy: gauge("healthy", "What /health says: 1, or 0 where only a fresh process helps."),
      ready: gauge("ready", "What /ready says: 1, or 0 where it takes no new documents."),
      databaseUp: gauge("database_up", "Whether the database answers."),
      memoryUsed: gauge("memory_used_bytes", "Memory that cannot be reclaimed, of all that counts."),
      memoryLimit: gauge("memory_limit_bytes", "The limit it counts against."),
      memoryShare: gauge("memory_used_ratio", "The one by the other."),
      memoryLevel: make.gauge("memory_level", "1 for the level that holds, 0 for the others.", ["level"]),
      heapUsed: make.gauge("heap_used_bytes", "JavaScript heap in use; the engine's while it runs.", [
        "process",
      ]),
      heapLimit: make.gauge("heap_limit_bytes", "Where V8 gives up.", ["process"]),
      heapExternal: make.gauge("heap_external_bytes", "JavaScript's memory outside the heap.", ["process"]),
      engineUp: gauge("engine_up", "Whether an engine runs; it is off while there is nothing to read."),
      engineResident: gauge("engine_resident_bytes", "Resident memory of the engine process."),
      ocrThreads: gauge("ocr_threads", "OCR threads that run."),
      ocrWasm: gauge(
        "ocr_wasm_bytes",
        "WebAssembly memory of Tesseract in all OCR threads; 0 while it is not loaded.",
      ),
      ocrWasmLargest: gauge("ocr_wasm_largest_bytes", "The same of the largest one."),
      open: make.gauge("documents_open", "Documents being read.", ["lane"]),
      inForce: gauge("concurrency_in_force", "Documents read at once, as memory allows now."),
      configured: gauge("concurrency_configured", "The same as configured."),
      jobsLeft: gauge("restart_jobs_left", "Documents until it leaves to be started afresh."),
      secondsLeft: gauge("restart_left_seconds", "Time until then."),
      limit: make.gauge("bound_limit", "What a queue, pool or buffer holds at most.", ["bound"]),
      fill: make.gauge("bound_used", "What it holds.", ["bound"]),
    };
  }

  set(vitals: Vitals, bounds: readonly Bound[], now: Date): void {
    const gauges = this.#gauges;
    const { healthy, ready } = assess(vitals, now);
    gauges.build.set({ version: vitals.version }, 1);
    gauges.uptime.set((now.getTime() - vitals.startedAt.getTime()) / 1000);
    gauges.healthy.set(Number(healthy));
    gauges.ready.set(Number(ready));
    gauges.databaseUp.set(Number(vitals.database.reachedAt !== null && vitals.database.awaySince === null));
    gauges.inForce.set(vitals.concurrency.inForce);
    gauges.configured.set(vitals.concurrency.configured);
    for (const lane of lanes)
      gauges.open.set({ lane }, vitals.documents.filter((document) => document.lane === lane).length);
    for (const { name, used, limit } of bounds) {
      gauges.fill.set({ bound: name }, used);
      gauges.limit.set({ bound: name }, limit);
    }
    this.#setRestart(vitals);
    this.#setMemory(vitals);
    this.#setEngine(vitals);
  }

  #setRestart({ restart: { jobsLeft, hoursLeft } }: Vitals): void {
    if (jobsLeft === null) this.#gauges.jobsLeft.remove();
    else this.#gauges.jobsLeft.set(jobsLeft);
    if (hoursLeft === null) this.#gauges.secondsLeft.remove();
    else this.#gauges.secondsLeft.set(Math.round(hoursLeft * secondsPerHour));
  }

  #setMemory({ memory, heap }: Vitals): void {
    const gauges = this.#gauges;
    gauges.memoryUsed.set(memory.usedBytes);
    gauges.memoryLimit.set(memory.limitBytes);
    gauges.memoryShare.set(memory.share);
    for (const level of memoryLevels) gauges.memoryLevel.set({ level }, Number(level === memory.level));
    for (const [process, figures] of [
      ["worker", heap.worker],
      ["engine", heap.engine?.heap],
    ] as const) {
      if (figures) {
        gauges.heapUsed.set({ process }, figures.heapUsed);
        gauges.heapLimit.set({ process }, figures.heapLimit);
        gauges.heapExternal.set({ process }, figures.external);
      } else {
        for (const gauge of [gauges.heapUsed, gauges.heapLimit, gauges.heapExternal])
          gauge.remove({ process });
      }
    }
  }

  /** An engine that is off holds nothing. */
  #setEngine({ engine, heap: { engine: figures } }: Vitals): void {
    const wasmBytes = figures?.threads.map(({ wasm }) => wasm) ?? [];
    this.#gauges.engineUp.set(Number(engine.state === "running"));
    this.#gauges.engineResident.set(figures?.rss ?? 0);
    this.#gauges.ocrThreads.set(wasmBytes.length);
    this.#gauges.ocrWasm.set(wasmBytes.reduce((sum, bytes) => sum + bytes, 0));
    this.#gauges.ocrWasmLargest.set(Math.max(0, ...wasmBytes));
  }
}
