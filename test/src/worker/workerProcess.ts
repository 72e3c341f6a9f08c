/**
 * A worker as `quire worker` runs it, with an engine that takes fake documents beside real ones.
 * Arguments: the file store's folder.
 */
import { loadConfig } from "@quire/core";
import { createLog } from "@quire/core/log";
import { DiskFileStore, sweepFiles } from "@quire/store";
import { runWorker } from "@quire/worker";

const config = loadConfig(process.env);
const [filesFolder] = process.argv.slice(2);
if (config.databaseUrl === null || filesFolder === undefined) throw new Error("no database or no folder");
const store = new DiskFileStore(filesFolder);
process.exitCode = await runWorker({
  config,
  databaseUrl: config.databaseUrl,
  openFiles: async (database) => ({ store, sweep: () => sweepFiles(store, database) }),
  log: await createLog(config),
  engineEntry: new URL("../../../packages/engine/dist/testing/mixedEngine.js", import.meta.url),
});
