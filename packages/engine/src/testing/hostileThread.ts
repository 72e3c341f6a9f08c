/** The part of the hostile engine that runs in a thread. */
import { parentPort, workerData } from "node:worker_threads";
import { confineThreads } from "../child/confineThreads.ts";
import { attempt, type HostileWishes } from "./hostileAttempts.ts";

confineThreads([]);
const { path, wishes } = workerData as { path: string; wishes: HostileWishes };
parentPort?.postMessage(await attempt(path, wishes));
