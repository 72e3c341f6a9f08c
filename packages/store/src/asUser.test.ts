import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { owner, Store } from "./testing/fixtures.ts";
import { startMigratedCluster } from "./testing/migratedCluster.ts";
import type { TestCluster } from "./testing/testDatabase.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

const ann = { sub: owner("a"), role: "authenticated", app_metadata: { clinic: "O'Hara \\ $1 é" } };
const whoAmI = `select current_user::text as role, auth.uid() as uid, pg_backend_pid() as pid,
  current_setting('request.jwt.claims', true) as claims`;

interface Whoever {
  readonly role: string;
  readonly uid: string | null;
  readonly pid: number;
  readonly claims: string | null;
}

test("a user's statement runs as that user, and the next one on the same connection as the service", async (t) => {
  const store = await Store.open(t, cluster);
  const database = store.connect(1);
  const [before] = await database.query<Whoever>(whoAmI);
  const [asAnn] = await database.asUser(ann).query<Whoever>(whoAmI);
  const [asBen] = await database.asUser({ sub: owner("b") }).query<Whoever>(whoAmI);
  const [after] = await database.query<Whoever>(whoAmI);
  assert.deepEqual([asAnn?.role, asAnn?.uid], ["authenticated", ann.sub]);
  assert.deepEqual(JSON.parse(asAnn?.claims ?? ""), ann);
  assert.deepEqual([asBen?.role, asBen?.uid], ["authenticated", owner("b")]);
  assert.deepEqual([after?.role, after?.uid, after?.claims], [before?.role, null, ""]);
  assert.equal(new Set([before, asAnn, asBen, after].map((each) => each?.pid)).size, 1);
});

test("values of all kinds, many rows, none and no result come back as from any statement", async (t) => {
  const store = await Store.open(t, cluster);
  const user = store.database.asUser(ann);
  const values = [1, "it's", null, ["a", "b"], { key: [1] }];
  const statement = "select $1::int as n, $2::text as t, $3::text as z, $4::text[] as a, $5::jsonb as j";
  assert.deepEqual(await user.query(statement, values), [
    { n: 1, t: "it's", z: null, a: ["a", "b"], j: { key: [1] } },
  ]);
  assert.equal((await user.query("select n from generate_series(1, 1000) n")).length, 1000);
  assert.deepEqual(await user.query("select id from public.documents"), []);
  assert.deepEqual(await user.query("do $$ begin end $$"), []);
});

test("whatever breaks a user's statement, role and claims are gone with it", async (t) => {
  const store = await Store.open(t, cluster);
  const database = store.connect(1, { retrySeconds: 0 });
  const user = database.asUser(ann);
  const [before] = await database.query<Whoever>(whoAmI);
  const failing = [
    ["select 1 / 0", [], "22012"],
    ["not a statement", [], "42601"],
    ["select $1::int", ["x"], "22P02"],
    ["select from quire.limits", [], "42501"],
    ["select public.cancel_document($1)", [owner("z")], "document_not_found"],
    ["do $$ begin set session role authenticated; raise exception 'half way'; end $$", [], "P0001"],
  ] as const;
  for (const [statement, values, code] of failing) {
    await assert.rejects(user.query(statement, values), { code }, statement);
    const [next] = await database.query<Whoever>(whoAmI);
    assert.deepEqual(next, { ...before, claims: "" }, statement);
  }
  // A value that cannot be written is noticed when half of it has been sent.
  const circular: { self?: unknown } = {};
  circular.self = circular;
  await assert.rejects(user.query("select $1::jsonb", [circular]), /circular/i);
  const [next] = await database.query<Whoever>(whoAmI);
  assert.deepEqual([next?.role, next?.uid], [before?.role, null]);
});

test("a connection that is cut in the middle of a user's statement is not used again", async (t) => {
  const store = await Store.open(t, cluster);
  const database = store.connect(1, { retrySeconds: 0 });
  const [before] = await database.query<Whoever>(whoAmI);
  const cut = database.asUser(ann).query("select pg_sleep(60)");
  const broken = assert.rejects(cut, { code: "database_unavailable" });
  const isAsleep = "select from pg_stat_activity where pid = $1 and wait_event = 'PgSleep'";
  while ((await store.rows(isAsleep, before?.pid)).length === 0);
  await store.rows("select pg_terminate_backend($1)", before?.pid);
  await broken;
  const [after] = await database.query<Whoever>(whoAmI);
  assert.notEqual(after?.pid, before?.pid);
  assert.deepEqual([after?.role, after?.uid], [before?.role, null]);
});

test("a user's statement that was cancelled leaves nothing behind", async (t) => {
  const store = await Store.open(t, cluster);
  const database = store.connect(1, { retrySeconds: 0 });
  const [before] = await database.query<Whoever>(whoAmI);
  const cancelled = assert.rejects(database.asUser(ann).query("select pg_sleep(60)"), {
    code: "database_unavailable",
  });
  const cancel =
    "select pg_cancel_backend(pid) from pg_stat_activity where pid = $1 and wait_event = 'PgSleep'";
  while ((await store.rows(cancel, before?.pid)).length === 0);
  await cancelled;
  const [after] = await database.query<Whoever>(whoAmI);
  assert.deepEqual(after, { ...before, claims: "" });
});

test("what a user's statement changes is there when it has ended, and not when it failed", async (t) => {
  const store = await Store.open(t, cluster);
  const user = store.database.asUser(ann);
  const add = (key: string, then = "1") =>
    user.query(
      `with added as (
         insert into public.documents (filename, storage_key, size_bytes) values ('a.pdf', $1, 10) returning id
       ) select ${then} / count(*) from added`,
      [`${ann.sub}/${key}`],
    );
  await add("1");
  await assert.rejects(
    user.query("select 1 / (length(public.add_document($1, 'b.pdf', $2, 10, repeat('0', 64))::text) - 36)", [
      owner("n"),
      `${ann.sub}/2`,
    ]),
    { code: "22012" },
  );
  const all = await store.rows("select storage_key, owner_id from documents");
  assert.deepEqual(all, [{ storage_key: `${ann.sub}/1`, owner_id: ann.sub }]);
});

test("a statement of a user is one transaction, without statements around it", async (t) => {
  const store = await Store.open(t, cluster);
  const database = store.connect(1);
  // Each is counted by the server when it is over; `begin`, `set local` and `commit` of their own would be seen, too.
  const statements =
    "select xact_commit + xact_rollback as n from pg_stat_database where datname = current_database()";
  const count = async () => {
    await database.query("select pg_stat_force_next_flush()");
    return Number((await database.query<{ n: string }>(statements))[0]?.n);
  };
  const start = await count();
  const rest = (await count()) - start;
  const user = database.asUser(ann);
  const before = await count();
  for (let n = 0; n < 10; n++) await user.query("select id from public.documents");
  assert.equal((await count()) - before - rest, 10);
});
