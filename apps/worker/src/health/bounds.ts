/** What is bounded in a worker. Names of what is counted in bytes end so. */
export const boundNames = [
  "database_connections",
  "documents_open",
  "engine_pages",
  "results_waiting",
  "spool_bytes",
  "memory_samples",
  "events",
  "http_connections",
  "webhook_deliveries",
] as const;

/** A queue, pool or buffer: how full it is. */
export interface Bound {
  readonly name: (typeof boundNames)[number];
  readonly used: number;
  readonly limit: number;
}
