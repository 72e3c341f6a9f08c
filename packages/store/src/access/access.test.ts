import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import { OwnedDocuments } from "../documents/ownedDocuments.ts";
import { asRole as as, type Role } from "../testing/asRole.ts";
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

/** Ann and Ben have a document of two pages each, Ann's being read anew. */
async function open(t: TestContext): Promise<{ store: Store; annsId: string; bensId: string }> {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const [annsId, bensId] = [await store.add({ ownerId: ann }), await store.add({ ownerId: ben })];
  for (const _document of [annsId, bensId]) {
    const claim = await claimed(queue);
    await read(claim, 2);
    await claim.finish(0.5);
  }
  await store.documents.reprocess(annsId);
  const claim = await claimed(queue);
  await claim.savePage(page(1, { text: "New 1" }));
  await claim.beginPage(2, { alone: false });
  return { store, annsId, bensId };
}

const insert = (...columns: string[]) =>
  `insert into documents (filename, storage_key, size_bytes${columns.map((each) => `, ${each}`).join("")})
   values ('a.pdf', $1, 10${columns.map((_, n) => `, $${n + 2}`).join("")}) returning id`;

test("an owner adds a document by inserting it, and it is queued", async (t) => {
  const { store } = await open(t);
  const asAnn = as(store, "authenticated", ann);
  const [row] = await asAnn(insert(), `${ann}/uploads/1`);
  assert.deepEqual(await asAnn("select owner_id, status, lane from documents where id = $1", row?.id), [
    { owner_id: ann, status: "queued", lane: "small" },
  ]);
  assert.equal((await claimed(await store.queue())).documentId, row?.id);
  const options = JSON.stringify({ textLayer: "only" });
  await asAnn(
    insert("id", "owner_id", "sha256", "options"),
    `${ann}/2`,
    owner("new"),
    ann,
    "0".repeat(64),
    options,
  );
  await assert.rejects(asAnn(insert("options"), `${ann}/3`, "[]"), { code: "invalid_document" });
});

test("an owner adds nothing in another's name, nor of another's file", async (t) => {
  const { store } = await open(t);
  const asAnn = as(store, "authenticated", ann);
  await assert.rejects(asAnn(insert("owner_id"), `${ann}/1`, ben), denied);
  await assert.rejects(asAnn(insert("owner_id"), `${ben}/1`, ben), denied);
  for (const key of [
    `${ann}/../${ben}/1`,
    `${ann}/./1`,
    `${ann}//1`,
    `${ann}/1/..`,
    `${ann}/`,
    `${ann}/a\\b`,
  ])
    await assert.rejects(asAnn(insert(), key), denied, key);
  for (const key of [`${ben}/1`, "1", `${ann}`, `/${ann}/1`, `${ann.toUpperCase()}x/1`])
    await assert.rejects(asAnn(insert(), key), denied, key);
  await assert.rejects(
    as(store, "authenticated")(insert(), "null/1"),
    /null value in column "owner_id"|row-level/,
  );
});

test("an owner writes no other column of a new document, and no column of one that is there", async (t) => {
  const { store, annsId } = await open(t);
  const asAnn = as(store, "authenticated", ann);
  const columns = await store.rows<{ name: string }>(
    "select attname as name from pg_attribute where attrelid = 'documents'::regclass and attnum > 0 and not attisdropped",
  );
  const ours = new Set(["id", "owner_id", "filename", "storage_key", "size_bytes", "sha256", "options"]);
  assert.ok(columns.length >= 30);
  // A generated column is refused before anybody's rights are looked at.
  const refused = ({ code }: { code?: string }) => code === "42501" || code === "428C9";
  for (const { name } of columns) {
    if (!ours.has(name))
      await assert.rejects(asAnn(insert(name), `${ann}/1`, null), refused, `insert ${name}`);
    await assert.rejects(asAnn(`update documents set ${name} = default where id = $1`, annsId), denied, name);
  }
  await assert.rejects(asAnn("delete from documents where id = $1", annsId), denied);
});

test("an owner sees their own documents, and of them the visible run only", async (t) => {
  const { store, annsId, bensId } = await open(t);
  const asAnn = as(store, "authenticated", ann);
  assert.deepEqual(await asAnn("select id, pages_done from documents"), [{ id: annsId, pages_done: 1 }]);
  const pages = "select document_id, run, page_number from pages order by 3";
  const visible = [1, 2].map((page_number) => ({ document_id: annsId, run: 1, page_number }));
  assert.deepEqual(await asAnn(pages), visible);
  assert.deepEqual(await asAnn("select text from page_contents order by page_number"), [
    { text: "Page 1" },
    { text: "Page 2" },
  ]);
  assert.deepEqual(await asAnn("select from pages where document_id = $1", bensId), []);
  assert.deepEqual(await as(store, "authenticated")("select id from documents"), []);
  for (const column of ["claim", "worker_id", "priority", "queue_rank", "job_id", "*"])
    await assert.rejects(asAnn(`select ${column} from documents`), denied, column);
});

test("an owner sees which of their documents were erased, and changes nothing of it", async (t) => {
  const { store, annsId, bensId } = await open(t);
  for (const [ownerId, id] of [
    [ann, annsId],
    [ben, bensId],
  ] as const)
    await new OwnedDocuments(store.database, ownerId).erase(id);
  const asAnn = as(store, "authenticated", ann);
  assert.deepEqual(await asAnn("select document_id, owner_id, status, page_count from erased_documents"), [
    { document_id: annsId, owner_id: ann, status: "processing", page_count: 2 },
  ]);
  for (const statement of [
    "delete from erased_documents",
    "update erased_documents set status = 'failed'",
    `insert into erased_documents values ('${bensId}', '${ann}', now(), 'failed', 1, 1)`,
  ])
    await assert.rejects(asAnn(statement), denied, statement);
  await assert.rejects(asAnn(insert("id"), `${ann}/1`, annsId), { code: "document_erased" });
});

test("what each role may do with each table is this and no more", async (t) => {
  const { store } = await open(t);
  const may = await store.rows<{ role: Role; object: string; may: string }>(`
    select role, n.nspname || '.' || c.relname as object, string_agg(privilege, ' ' order by privilege) as may
    from pg_class c join pg_namespace n on n.oid = c.relnamespace,
      unnest(array['anon', 'authenticated', 'service_role']) role,
      unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES', 'USAGE']) privilege
    where n.nspname in ('public', 'quire', 'pgboss', 'supabase_migrations') and c.relkind in ('r', 'p', 'S', 'v')
      and case
        when c.relkind = 'S' then privilege in ('SELECT', 'UPDATE', 'USAGE')
          and has_sequence_privilege(role, c.oid, privilege)
        else privilege <> 'USAGE' and (has_table_privilege(role, c.oid, privilege)
          or privilege in ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
            and has_any_column_privilege(role, c.oid, privilege))
      end
    group by role, c.oid, object order by role, object`);
  const ofRole = (name: Role) =>
    Object.fromEntries(may.filter(({ role }) => role === name).map((each) => [each.object, each.may]));
  assert.deepEqual(ofRole("anon"), {});
  assert.deepEqual(ofRole("authenticated"), {
    "public.audit_log": "SELECT",
    "public.documents": "INSERT SELECT",
    "public.erased_documents": "SELECT",
    "public.outputs": "SELECT",
    "public.page_contents": "SELECT",
    "public.pages": "SELECT",
    "public.webhooks": "SELECT",
  });
  const [all, sequence] = ["DELETE INSERT REFERENCES SELECT TRIGGER TRUNCATE UPDATE", "SELECT UPDATE USAGE"];
  assert.deepEqual(ofRole("service_role"), {
    "public.audit_log": "SELECT",
    "public.document_failures": all,
    "public.document_failures_id_seq": sequence,
    "public.documents": all,
    "public.erased_documents": all,
    "public.outputs": all,
    "public.page_contents": all,
    "public.pages": all,
    "public.pages_in_flight": all,
    "public.webhooks": all,
    "public.worker_events": all,
    "public.worker_events_id_seq": sequence,
    "public.worker_memory_samples": all,
    "quire.document_buckets": "SELECT",
    "quire.files_to_delete": "SELECT",
    "quire.installation": "SELECT",
    "quire.limits": "SELECT UPDATE",
  });
});

test("nobody but the service so much as enters the queue's schema, or sees what is the workers'", async (t) => {
  const { store } = await open(t);
  for (const role of ["anon", "authenticated"] as const) {
    const asIt = as(store, role, ann);
    for (const table of [
      ...["pgboss.job", "pgboss.queue", "quire.installation", "quire.limits"],
      "supabase_migrations.schema_migrations",
      ...["pages_in_flight", "document_failures", "worker_events", "worker_memory_samples"],
    ])
      await assert.rejects(asIt(`select from ${table}`), denied, `${role} ${table}`);
  }
});

test("anybody unknown sees and adds nothing", async (t) => {
  const { store } = await open(t);
  const asNobody = as(store, "anon");
  for (const table of ["documents", "pages", "page_contents", "erased_documents"])
    await assert.rejects(asNobody(`select from ${table}`), denied);
  await assert.rejects(asNobody(insert("owner_id"), `${ann}/1`, ann), denied);
});

test("the service sees every owner's documents and runs, and calls the functions", async (t) => {
  const { store, annsId, bensId } = await open(t);
  const asService = as(store, "service_role");
  assert.equal((await asService("select from documents")).length, 2);
  assert.equal((await asService("select from pages")).length, 5);
  assert.deepEqual(await asService("select quire.cancel_document($1) as status", annsId), [
    { status: "completed" },
  ]);
  await asService("select quire.reprocess_document($1)", bensId);
  await asService(insert("owner_id"), "any/key", ben);
  await asService("insert into worker_events (worker_id, event) values ('w', 'started')");
  await asService("update quire.limits set max_queued = 5");
  await asService("delete from documents where id = $1", bensId);
  assert.deepEqual(await asService("select from pages where document_id = $1", bensId), []);
});
