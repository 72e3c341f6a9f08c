import type { Config } from "@quire/core";
import { createLog } from "@quire/core/log";
import { type Database, Documents } from "@quire/store";
import { runWeb } from "@quire/web";
import type { ExitCode } from "./exitCodes.ts";
import { databaseUrlOf, filesOf } from "./installation.ts";

/** `quire web`: the page and the API, until told to stop. */
export async function web(config: Config): Promise<ExitCode> {
  const log = await createLog(config);
  const databaseUrl = await databaseUrlOf(config);
  const openFiles = async (database: Database) => ({
    store: await filesOf(config, new Documents(database)),
  });
  const exitCode = await runWeb({ config, databaseUrl, openFiles, log }, (url) =>
    process.stderr.write(`Quire is here: ${url}   Stop: Ctrl-C\n`),
  );
  // A connection that does not close any more is no reason to stay.
  process.exit(exitCode);
}
