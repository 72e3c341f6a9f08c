import { join } from "node:path";
import { Database, WorkerRecords } from "@quire/store";
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

const mebibyte = 1024 * 1024;

/** Writes down 300 MiB of 400 as the memory of another worker; those that run do so once a minute. */
export async function addMemorySample(service: StartedService): Promise<void> {
  await withDatabase(service, async (database) => {
    await new WorkerRecords(database, "another-worker").sample(300 * mebibyte, 400 * mebibyte, {});
  });
}
