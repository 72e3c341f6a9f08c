import type { Logger } from "@quire/core/log";
import type { WorkerRecords } from "@quire/store";
import type { Standing } from "../health/standing.ts";

/** Tells how the memory stands: to the log, and to `worker_memory_samples`. */
export function recordMemory(standing: Standing, records: WorkerRecords, log: Logger) {
  return {
    async log(): Promise<void> {
      const { usedBytes, limitBytes, percent, level, ...parts } = figuresOf(standing);
      log.info({ level, percent, usedBytes, limitBytes, ...parts }, "memory");
    },
    async store(): Promise<void> {
      const { usedBytes, limitBytes, ...figures } = figuresOf(standing);
      await records.sample(usedBytes, limitBytes, figures);
    },
  };
}

function figuresOf(standing: Standing) {
  const { memory, heap, engine, documents } = standing.vitals();
  return {
    usedBytes: memory.usedBytes,
    limitBytes: memory.limitBytes,
    percent: Math.round(memory.share * 1000) / 10,
    level: memory.level,
    source: memory.source,
    worker: heap.worker,
    engine: heap.engine,
    engineState: engine.state,
    documents: documents.length,
    pages: standing.pages,
  };
}
