import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { asRole } from "../testing/asRole.ts";
import { claimed, owner, page, read, Store } from "../testing/fixtures.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

const [ann, ben] = [owner("a"), owner("b")];
const denied = { code: "42501" };

/** What a signed-in user may call. One that is open and missing here fails the test. */
const ofUsers = [
  "public.add_document",
  "public.assert_queue_room",
  "public.cancel_document",
  "public.erase_document",
  "public.queue_standing",
  "public.reprocess_document",
  "public.retry_document",
  "public.search_pages",
  "public.add_webhook",
  "public.remove_webhook",
  "public.test_webhook",
  // No more than a computation.
  "quire.is_key_of",
  "quire.lane",
  "quire.options_hash",
  "quire.words",
  "quire.find_own_pages",
  "quire.document_bucket_ids",
];
/**
 * What the service has no use for: it has functions that are told whose document it is; and what only `quire migrate`
 * calls.
 */
const notOfService = [
  ...ofUsers.filter((name) => name.startsWith("public.")),
  "quire.find_own_pages",
  "quire.use_bucket",
];

test("who may call each function is this and no more", async (t) => {
  const store = await Store.open(t, cluster);
  const functions = await store.rows<{ name: string; everybody: boolean } & Record<string, boolean>>(`
    select n.nspname || '.' || p.proname as name,
      has_function_privilege('anon', p.oid, 'execute') as anon,
      has_function_privilege('authenticated', p.oid, 'execute') as authenticated,
      has_function_privilege('service_role', p.oid, 'execute') as service_role,
      exists (
        select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) acl where acl.grantee = 0
      ) as everybody
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname in ('public', 'quire') order by 1`);
  assert.ok(functions.length > 40);
  const callableBy = (role: string) => functions.filter((each) => each[role]).map(({ name }) => name);
  assert.deepEqual(callableBy("everybody"), []);
  assert.deepEqual(callableBy("anon"), []);
  assert.deepEqual(callableBy("authenticated"), ofUsers.toSorted());
  const ofService = functions.map(({ name }) => name).filter((name) => !notOfService.includes(name));
  assert.deepEqual(callableBy("service_role"), ofService);
});

test("every function is looked up in no schema but those it names", async (t) => {
  const store = await Store.open(t, cluster);
  const lured = `select p.oid::regprocedure from pg_proc p
    where p.pronamespace in ('quire'::regnamespace, 'public'::regnamespace)
      and not coalesce(p.proconfig @> array['search_path=""'], false)`;
  assert.deepEqual(await store.rows(lured), []);
});

/** As `rpc` of supabase-js calls them, by name. */
const calls = {
  cancel_document: "select public.cancel_document(document_id => $1)",
  retry_document: "select public.retry_document(document_id => $1)",
  reprocess_document: "select public.reprocess_document(document_id => $1)",
  erase_document: "select * from public.erase_document(document_id => $1)",
};
const search = "select * from public.search_pages(query => $1)";
const standing = "select * from public.queue_standing(document_ids => $1)";
const add = `select public.add_document(id => $1, filename => 'a.pdf', storage_key => $2, size_bytes => 10,
  sha256 => repeat('0', 64)) as id`;

async function open(t: Parameters<typeof Store.open>[0]) {
  const store = await Store.open(t, cluster);
  const id = await store.add({ ownerId: ann, filename: "secret.pdf" });
  const claim = await claimed(await store.queue());
  await read(claim, 1, 0);
  await claim.savePage(page(1, { text: "Potassium 4.1" }));
  await claim.finish(0.5);
  return { store, id, waiting: await store.add({ ownerId: ann }) };
}

test("of another's document no function tells or changes anything", async (t) => {
  const { store, id, waiting } = await open(t);
  const before = await store.everything();
  const nobody = asRole(store, "authenticated");
  for (const asWho of [asRole(store, "authenticated", ben), nobody]) {
    for (const [name, call] of Object.entries(calls))
      for (const each of [id, waiting, randomUUID()])
        await assert.rejects(asWho(call, each), { code: "document_not_found" }, name);
    assert.deepEqual(await asWho(search, "potassium"), []);
    assert.deepEqual(await asWho(standing, [id, waiting]), []);
    for (const key of [`${ann}/1`, "1", `${ben}`, "/", `${ben}/../${ann}/1`])
      await assert.rejects(asWho(add, randomUUID(), key), denied);
  }
  // One that is there already is not given another owner, nor told from any other error.
  const asBen = asRole(store, "authenticated", ben);
  await assert.rejects(asBen(add, id, `${ben}/1`), { code: "invalid_document" });
  assert.deepEqual(await store.everything(), before);
});

test("whoever has not signed in calls none of them, and neither does the service", async (t) => {
  const { store, id } = await open(t);
  for (const role of ["anon", "service_role"] as const) {
    const asIt = asRole(store, role, ann);
    for (const call of Object.values(calls)) await assert.rejects(asIt(call, id), denied);
    await assert.rejects(asIt(search, "potassium"), denied);
    await assert.rejects(asIt(standing, [id]), denied);
    await assert.rejects(asIt(add, randomUUID(), `${ann}/1`), denied);
    await assert.rejects(asIt("select public.assert_queue_room()"), denied);
  }
});

test("an owner does with their own document what the service does for them", async (t) => {
  const { store, id, waiting } = await open(t);
  const asAnn = asRole(store, "authenticated", ann);
  assert.deepEqual(await asAnn(search, "POTA 4"), [
    { document_id: id, filename: "secret.pdf", page_number: 1 },
  ]);
  for (const query of ["sodium", "", "-", "potassium sodium"])
    assert.deepEqual(await asAnn(search, query), []);
  await assert.rejects(asAnn(search, "x".repeat(201)), { code: "invalid_request" });
  const standings = await asAnn(standing, [id, waiting, randomUUID()]);
  assert.deepEqual(
    standings.map(({ id: of, queue_position }) => [of, queue_position]),
    [[waiting, 0]],
  );
  assert.deepEqual(await asAnn(calls.cancel_document, waiting), [{ cancel_document: "cancelled" }]);
  await asAnn(calls.retry_document, waiting);
  await assert.rejects(asAnn(calls.retry_document, waiting), { code: "document_busy" });
  await asAnn(calls.reprocess_document, id);
  await asAnn("select public.assert_queue_room()");
  await store.documents.setLimits({ maxQueuedPerOwner: 2, maxQueued: 100 });
  await assert.rejects(asAnn("select public.assert_queue_room()"), { code: "owner_queue_full" });
  await assert.rejects(asAnn(add, randomUUID(), `${ann}/new`), { code: "owner_queue_full" });
  assert.equal((await asAnn(calls.erase_document, id)).length, 1);
  assert.deepEqual(await asAnn(calls.erase_document, id), []);
  for (const call of [calls.cancel_document, calls.reprocess_document])
    await assert.rejects(asAnn(call, id), { code: "document_erased" });
  const added = randomUUID();
  assert.deepEqual(await asAnn(add, added, `${ann}/new`), [{ id: added }]);
  // Asked again, as after an answer that was lost; and with the same content under another id.
  for (const again of [added, randomUUID()])
    assert.deepEqual(await asAnn(add, again, `${ann}/new`), [{ id: added }]);
});

test("no query, however it is put together, reaches another's words", async (t) => {
  const { store } = await open(t);
  const asBen = asRole(store, "authenticated", ben);
  const end = ann.slice(-12);
  const find = "select * from quire.find_own_pages($1, null, null, null, null, 10)";
  for (const word of [
    "potassium",
    `${end}potassium`,
    `' | '${end}potassium`,
    "\\",
    "'",
    "%",
    "a' & 'b",
    "':*",
  ]) {
    for (const isPrefix of [true, false]) {
      const alternatives = [{ included: [{ words: [word], isPrefix }], excluded: [] }];
      assert.deepEqual(await asBen(find, JSON.stringify(alternatives)), [], word);
    }
  }
  const long = [{ included: [{ words: ["x".repeat(20_000)], isPrefix: true }], excluded: [] }];
  await assert.rejects(asBen(find, JSON.stringify(long)), { code: "invalid_request" });
});
