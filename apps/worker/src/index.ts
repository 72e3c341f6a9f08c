export { leastByDefault, mostByDefault } from "./claiming/concurrency.ts";
export type { BriefReport, HealthReport } from "./health/healthReport.ts";
export type { ReasonCode, WorkerStatus } from "./health/reasons.ts";
export { type Plan, planFor } from "./plan.ts";
export { runWorker } from "./runWorker.ts";
export { workerEnvironment, workerFlags } from "./workerProcess.ts";
