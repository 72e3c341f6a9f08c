import { join } from "node:path";
import { Database } from "@quire/store";
import { runningUrl } from "@quire/store/embedded";
import type { StartedService } from "../startedService.ts";

/** Opens the database that a service runs, for as long as `act` takes. */
export async function withDatabase(
  service: StartedService,
  act: (database: Database) => Promise<void>,
): Promise<void> {
  const url = await runningUrl(join(service.folder, "home/postgres"));
  if (url === null) throw new Error("the service has no database");
  const database = new Database(url, { poolSize: 2, retrySeconds: 5, applicationName: "quire test" });
  try {
    await act(database);
  } finally {
    await database.close();
  }
}
