import type { Logger } from "@quire/core/log";
import { percentOf } from "@quire/memory";
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
  return {
    memory: { level, percent: percentOf(share), usedBytes, limitBytes, source },
    heap,
    engineState: engine.state,
    documents: documents.length,
    pages: standing.pages,
  };
}
