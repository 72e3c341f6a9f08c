/**
 * A worker as `quire worker` runs it, with an engine whose pages only wait, that writes down how long its claims take.
 * Arguments: the file store's folder. CLAIM_TIMES names the file for the times.
 */
import { appendFileSync } from "node:fs";
import { type Lane, loadConfig } from "@quire/core";
import { createLog } from "@quire/core/log";
import { DiskFileStore, Queue, sweepFiles } from "@quire/store";
import { runWorker } from "@quire/worker";

const config = loadConfig(process.env);
const [filesFolder] = process.argv.slice(2);
const times = process.env.CLAIM_TIMES;
if (config.databaseUrl === null || filesFolder === undefined || times === undefined)
  throw new Error("no database, no folder or no CLAIM_TIMES");
timeClaims(times);
const store = new DiskFileStore(filesFolder);
process.exitCode = await runWorker({
  config,
  databaseUrl: config.databaseUrl,
  openFiles: async (database) => ({ store, sweep: () => sweepFiles(store, database) }),
  log: await createLog(config),
  engineEntry: new URL("../../../../packages/engine/dist/testing/fakeEngine.js", import.meta.url),
});

/** The real claim, timed: its milliseconds become a line of the file, where it brought a document. */
function timeClaims(path: string): void {
  const claim = Queue.prototype.claim;
  Queue.prototype.claim = async function (this: Queue, lane: Lane) {
    const start = performance.now();
    const claimed = await claim.call(this, lane);
    if (claimed) appendFileSync(path, `${Date.now()} ${performance.now() - start}\n`);
    return claimed;
  };
}
