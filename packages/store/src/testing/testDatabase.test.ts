import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import pg from "pg";
import { TestCluster } from "./testDatabase.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await TestCluster.start((url) => query(url, "create table prepared (n int)"));
});
after(() => cluster.stop());

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(text).finally(() => client.end());
}

test("databases are many, fresh, and as the template was prepared", async () => {
  const urls = await Promise.all(Array.from({ length: 5 }, () => cluster.createDatabase()));
  assert.equal(new Set(urls).size, 5);
  for (const url of urls) await query(url, "insert into prepared values (1); create table own ()");
});

test("nobody can connect to the template", async () => {
  await assert.rejects(query(cluster.postgres.urlOf("quire_template"), "select 1"), { code: "55000" });
});
