export { createLog, describeError, type Logger } from "./log.ts";
export { runWorker } from "./runWorker.ts";
export { superviseWorker } from "./superviseWorker.ts";
export { Worker, type WorkerOptions } from "./worker.ts";
