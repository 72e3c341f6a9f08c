import type { Logger } from "@quire/core/log";
import type { WorkerRecords } from "@quire/store";
import type { Standing } from "../health/standing.ts";

/** Tells how the memory stands: to the log, and to `worker_memory_samples`. */
export function recordMemory(standing: Standing, records: WorkerRecords, log: Logger) {
  return {
    async log(): Promise<void> {
      log.info(figuresOf(standing), "memory");
    },
    async store(): Promise<void> {
      const { memory, ...figures } = figuresOf(standing);
      const { usedBytes, limitBytes, ...rest } = memory;
      await records.sample(usedBytes, limitBytes, { ...rest, ...figures });
    },
  };
}

function figuresOf(standing: Standing) {
  const { memory, heap, engine, documents } = standing.vitals();
  const { level, usedBytes, limitBytes, share, source } = memory;
  const percent = Math.round(share * 1000) / 10;
  return {
    memory: { level, percent, usedBytes, limitBytes, source },
    heap,
    engineState: engine.state,
    documents: documents.length,
    pages: standing.pages,
  };
}
