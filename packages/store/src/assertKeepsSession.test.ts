import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertKeepsSession } from "./assertKeepsSession.ts";
import { Database } from "./database.ts";
import { checkSchema, migrate } from "./schema/migrations.ts";
import { startMigratedCluster } from "./testing/migratedCluster.ts";
import type { TestCluster } from "./testing/testDatabase.ts";
import { type Order, TransactionPooler } from "./testing/transactionPooler.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

const refused = { code: "invalid_configuration", message: /transaction pooler.*port 5432/s };

test("a direct connection is one session, also while others are busy", async () => {
  const url = await cluster.createDatabase();
  await Promise.all([1, 2, 3].map(() => assertKeepsSession(url)));
});

test("Supabase's transaction poolers are told by their address, before anything is opened", async () => {
  for (const host of ["aws-0-eu-central-1.pooler.supabase.com", "db.abcdefghijklmnop.supabase.co"])
    await assert.rejects(
      assertKeepsSession(`postgres://postgres.ref:secret@${host}:6543/postgres`),
      (error) => {
        assert.match(String(error), refused.message);
        return !String(error).includes("secret");
      },
    );
});

for (const [size, order] of [
  [1, "last"],
  [2, "last"],
  [2, "first"],
  [3, "first"],
  [10, "last"],
  [10, "first"],
] as const satisfies [number, Order][]) {
  test(`a transaction pooler of ${size}, the one used ${order} first, is told by what it does`, async (t) => {
    const url = await cluster.createDatabase();
    const pooler = await TransactionPooler.start(url, { size, order });
    t.after(() => pooler.close());
    const through = pooler.urlOf(url);
    // It does what it should, otherwise.
    const database = new Database(through, { poolSize: 1 });
    t.after(() => database.close());
    const counted = await database.transaction((session) =>
      session.query("select count(*)::int as n from documents"),
    );
    assert.deepEqual(counted, [{ n: 0 }]);
    await assert.rejects(assertKeepsSession(through), refused);
    if (size !== 2 || order !== "last") return;
    // Where a worker, the web server and a migration begin.
    await assert.rejects(checkSchema(database), refused);
    await assert.rejects(migrate(through), refused);
  });
}
