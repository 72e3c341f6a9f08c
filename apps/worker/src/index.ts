export { Periodically } from "./periodically.ts";
export { runWorker } from "./runWorker.ts";
export { type SupervisedWorker, superviseWorker } from "./superviseWorker.ts";
