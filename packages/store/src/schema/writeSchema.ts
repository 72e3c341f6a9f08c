import { writeFile } from "node:fs/promises";
import { TestCluster } from "../testing/testDatabase.ts";
import { describeSchema } from "./describeSchema.ts";
import { migrate } from "./migrations.ts";

/** Writes supabase/schema.sql as the migrations leave it. Run by `npm run schema`. */
const file = new URL("../../../../supabase/schema.sql", import.meta.url);

const cluster = await TestCluster.start(async (url) => {
  await migrate(url);
});
try {
  await writeFile(file, await describeSchema(await cluster.createDatabase()));
} finally {
  await cluster.stop();
}
