import { migrate } from "../schema/migrations.ts";
import { TestCluster, type TestClusterOptions } from "./testDatabase.ts";

/** A cluster whose databases are all migrated. */
export function startMigratedCluster(options: TestClusterOptions = {}): Promise<TestCluster> {
  return TestCluster.start(async (url) => {
    await migrate(url);
  }, options);
}
