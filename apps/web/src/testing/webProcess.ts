/** A web server as a process of its own: settings from the environment, files in FILE_STORE_DIR. */
import { loadConfig } from "@quire/core";
import { createLog } from "@quire/core/log";
import { DiskFileStore } from "@quire/store";
import { runWeb } from "../runWeb.ts";

const config = loadConfig(process.env);
const options = {
  config,
  databaseUrl: config.databaseUrl ?? "",
  openFiles: async () => ({ store: new DiskFileStore(config.fileStoreDir ?? "") }),
  log: await createLog(config),
};
process.exitCode = await runWeb(options, (url) => process.send?.({ url }));
