/** Why an engine was replaced. */
export const engineReplacements = [
  "max_pages",
  "max_rss",
  "elevated",
  "high",
  "critical",
  "no_progress",
  "page_timeout",
  "engine_crashed",
  "engine_out_of_memory",
  "killed",
] as const;
export type EngineReplacement = (typeof engineReplacements)[number];

/**
 * What a worker tells of itself, in `worker_events`, in its log and on `/health`. docs/operations.md says what each
 * means and what to do; a test compares the two.
 */
export const workerEvents = [
  "started",
  "stopped",
  "restart",
  "memory_level",
  "concurrency",
  "collected",
  "engine_recycled",
  "engine_died",
  "engine_unavailable",
] as const;
export type WorkerEventName = (typeof workerEvents)[number];

/** Why a worker leaves by itself, to be started afresh. */
export const restartReasons = ["after_jobs", "after_hours"] as const;
export type RestartReason = (typeof restartReasons)[number];
