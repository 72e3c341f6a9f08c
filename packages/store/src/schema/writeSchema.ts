import { writeFile } from "node:fs/promises";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import { describeSchema } from "./describeSchema.ts";

/** Writes supabase/schema.sql as the migrations leave it. Run by `npm run schema`. */
const file = new URL("../../../../supabase/schema.sql", import.meta.url);

const cluster = await startMigratedCluster();
try {
  await writeFile(file, await describeSchema(await cluster.createDatabase()));
} finally {
  await cluster.stop();
}
