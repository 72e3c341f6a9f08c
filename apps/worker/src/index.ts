export { runWorker } from "./runWorker.ts";
export { type SupervisedWorker, superviseWorker } from "./superviseWorker.ts";
export { Periodically } from "./upkeep/periodically.ts";
