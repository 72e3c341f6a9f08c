/** Delivers what is in a database until it is killed: `node deliver.js DATABASE_URL`. */
import { loadConfig } from "@quire/core";
import { createLog } from "@quire/core/log";
import { Database, Queue } from "@quire/store";
import { Deliverer } from "../deliverer.ts";

const [, , url = ""] = process.argv;
const log = await createLog(loadConfig({ LOG_LEVEL: "error", LOG_FORMAT: "json" }));
const queue = await Queue.open(new Database(url, { poolSize: 2 }), { workerId: "another-worker" });
await Deliverer.start({ queue, log, allowPrivate: true, onOutcome: () => {}, withinMs: 3_600_000 });
