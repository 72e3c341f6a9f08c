import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, type TestContext, test } from "node:test";
import { Database } from "../database.ts";
import { OwnedDocuments } from "../documents/ownedDocuments.ts";
import { eraseExpired, eraseOriginals, pruneAudit } from "../keeping/retention.ts";
import { claimed, owner, read, Store } from "../testing/fixtures.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";
import { AuditLog } from "./auditLog.ts";
import { onRequest } from "./onRequest.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

const [ann, ben] = [owner("a"), owner("b")];
const someDocument = "00000000-0000-4000-8000-0000000000dd";

function connect(t: TestContext, store: Store, via: "api" | "cli" | "worker"): Database {
  const database = new Database(store.url, { poolSize: 2, via });
  t.after(() => database.close());
  return database;
}

const brief = (store: Store) =>
  store.rows("select owner_id, document_id, actor, action, via from audit_log order by id");

test("what is done to a document is logged with it: who, what, by which way, on which request", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const [api, cli] = [connect(t, store, "api"), connect(t, store, "cli")];
  const anns = new OwnedDocuments(api, ann);
  const signedIn = OwnedDocuments.ofUser(api, { sub: ben, role: "authenticated" });
  const file = (ownerId: string, id: string) => {
    const facts = { id, filename: "HIV.pdf", storageKey: `${ownerId}/${id}`, sizeBytes: 1, options: {} };
    return { ...facts, sha256: "0".repeat(64) };
  };
  const [id, bens] = [randomUUID(), randomUUID()];
  const requests = [randomUUID(), randomUUID(), randomUUID()] as const;

  await onRequest(requests[0], () => anns.add(file(ann, id)));
  await onRequest(requests[1], () => signedIn.add(file(ben, bens)));
  const claim = await claimed(queue);
  await read(claim, 1);
  await claim.finish(0.5);
  await anns.reprocess(id);
  await anns.cancel(id);
  await onRequest(requests[2], () => signedIn.cancel(bens));
  await signedIn.redrive(bens);
  await anns.erase(id);
  await cli.query("select quire.erase_document($1, $2)", [ben, bens]);

  const entry = (ownerId: string, documentId: string, action: string, via = "api", actor = ownerId) => ({
    owner_id: ownerId,
    document_id: documentId,
    actor,
    action,
    via,
  });
  assert.deepEqual(await brief(store), [
    entry(ann, id, "uploaded"),
    entry(ben, bens, "uploaded"),
    entry(ann, id, "reprocessed"),
    entry(ann, id, "cancelled"),
    entry(ben, bens, "cancelled"),
    // It was cancelled before it was begun.
    entry(ben, bens, "reprocessed"),
    entry(ann, id, "deleted"),
    entry(ben, bens, "deleted", "cli", "operator"),
  ]);
  const named = await store.rows("select request_id from audit_log where request_id is not null order by id");
  assert.deepEqual(
    named,
    requests.map((request_id) => ({ request_id })),
  );
  const everything = await store.value<string>("select jsonb_agg(a)::text from audit_log a");
  assert.ok(!everything.includes("HIV"), "no name");
});

test("what is refused, or comes to nothing, is not logged; what retention does is", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const worker = connect(t, store, "worker");
  const id = await store.add();
  await assert.rejects(store.documents.redrive(id), { code: "document_busy" });
  await assert.rejects(store.documents.cancel(randomUUID()), { code: "document_not_found" });
  const claim = await claimed(queue);
  await read(claim, 1);
  await claim.finish(0.5);
  await store.documents.cancel(id);
  await store.rows("update documents set finished_at = now() - interval '3 days'");
  await eraseOriginals(worker, 2, () => true);
  await eraseExpired(worker, 2, () => true);
  const log = (await brief(store)).map(({ actor, action, via }) => [actor, action, via]);
  assert.deepEqual(log, [
    ["database", "uploaded", "database"],
    ["worker", "original_retention", "worker"],
    ["worker", "retention", "worker"],
  ]);
});

test("an access is logged once an hour for each actor, action and document, by however many processes", async (t) => {
  const store = await Store.open(t, cluster);
  const [one, another] = [await store.add(), await store.add({ ownerId: ben })];
  const logs = [0, 1].map(() => new AuditLog(connect(t, store, "api")));
  const access = { ownerId: ann, documentId: one, actor: ann, action: "read", requestId: null } as const;
  const all = logs.flatMap((log) =>
    Array.from({ length: 142 }, () => log.access(access)).concat([
      log.access({ ...access, action: "downloaded" }),
      log.access({ ...access, documentId: null, action: "listed" }),
      log.access({ ...access, ownerId: ben, documentId: null, actor: ben, action: "listed" }),
      log.access({ ...access, documentId: another }),
      log.access({ ...access, documentId: randomUUID() }),
    ]),
  );
  await Promise.all(all);
  const kinds = await store.rows(
    "select actor, action, document_id from audit_log where hour is not null order by action, actor",
  );
  assert.deepEqual(kinds, [
    { actor: ann, action: "downloaded", document_id: one },
    { actor: ann, action: "listed", document_id: null },
    { actor: ben, action: "listed", document_id: null },
    { actor: ann, action: "read", document_id: one },
  ]);
  // Of the next hour another one.
  await store.database.transaction(async (session) => {
    await session.query(
      "insert into audit_log (owner_id, document_id, actor, action, via, hour) values ($1, $2, $3, 'read', 'api', date_trunc('hour', now(), 'UTC') + interval '1 hour')",
      [ann, one, ann],
    );
  });
  assert.equal(await store.value("select count(*)::int from audit_log where action = 'read'"), 2);
});

test("what is asked for before it is there is logged when it is there, within the same hour too", async (t) => {
  const store = await Store.open(t, cluster);
  const log = new AuditLog(connect(t, store, "api"));
  const id = randomUUID();
  const access = { ownerId: ann, documentId: id, actor: ann, action: "read", requestId: null } as const;
  const logged = () => store.value<number>("select count(*)::int from audit_log where action = 'read'");
  await log.access(access);
  assert.equal(await logged(), 0);
  await store.add({ id, ownerId: ann });
  for (const _ of [1, 2]) {
    await log.access(access);
    await new AuditLog(store.database).access(access);
    assert.equal(await logged(), 1);
  }
});

test("an access that cannot be logged is refused, and tried anew the next time", async (t) => {
  const store = await Store.open(t, cluster);
  const id = await store.add();
  const log = new AuditLog(connect(t, store, "api"));
  const access = { ownerId: ann, documentId: id, actor: ann, action: "read", requestId: null } as const;
  await store.rows("alter table audit_log rename to hidden");
  await assert.rejects(log.access(access));
  await store.rows("alter table hidden rename to audit_log");
  await log.access(access);
  assert.equal(await store.value("select count(*)::int from audit_log where action = 'read'"), 1);
});

test("nobody changes or removes an entry: not the service, not who owns the table", async (t) => {
  const store = await Store.open(t, cluster);
  await store.add();
  const attempts = [
    "update audit_log set actor = 'somebody else'",
    "delete from audit_log",
    "truncate audit_log",
    "truncate audit_log restart identity cascade",
  ];
  for (const attempt of attempts) {
    await assert.rejects(store.rows(attempt), { code: "42501" }, attempt);
    for (const role of ["service_role", "authenticated", "anon"]) {
      const asRole = store.database.transaction(async (session) => {
        await session.query("select set_config('role', $1, true)", [role]);
        await session.query(attempt);
      });
      await assert.rejects(asRole, { code: "42501" }, `${role} ${attempt}`);
    }
  }
  const forged = "insert into audit_log (actor, action, via) values ('a', 'read', 'api')";
  const asService = store.database.transaction(async (session) => {
    await session.query("select set_config('role', 'service_role', true)");
    await session.query(forged);
  });
  await assert.rejects(asService, { code: "42501" });
  assert.equal(await store.value("select count(*)::int from audit_log"), 1);
});

test("an owner sees what was done with what is theirs, by whomever, and nothing else", async (t) => {
  const store = await Store.open(t, cluster);
  const [anns, bens] = [await store.add(), await store.add({ ownerId: ben })];
  const cli = new AuditLog(connect(t, store, "cli"));
  for (const documentId of [anns, bens])
    await cli.access({ ownerId: null, documentId, actor: "operator", action: "exported", requestId: null });
  const seen = await store.database
    .asUser({ sub: ann, role: "authenticated" })
    .query("select document_id, actor, action from audit_log order by id");
  assert.deepEqual(seen, [
    { document_id: anns, actor: "database", action: "uploaded" },
    { document_id: anns, actor: "operator", action: "exported" },
  ]);
});

test("entries that are old enough are removed, in parts, and none under a day", async (t) => {
  const store = await Store.open(t, cluster);
  await store.rows(
    `insert into audit_log (at, actor, action, via)
     select now() - n * interval '1 day', 'operator', 'listed', 'cli' from generate_series(0, 9) n`,
  );
  await assert.rejects(
    pruneAudit(store.database, 0.5, () => true),
    { code: "invalid_request" },
  );
  assert.equal(await store.value("select quire.prune_audit(4.5, 3)"), 3);
  assert.equal(await pruneAudit(store.database, 4.5, () => true), 2);
  const entries = [];
  for await (const entry of new AuditLog(store.database).entries({})) entries.push(entry);
  assert.equal(entries.length, 5);
  await assert.rejects(store.rows("delete from audit_log"), { code: "42501" });
});

test("entries are told in order and in parts, of an owner, a document, a time", async (t) => {
  const store = await Store.open(t, cluster);
  await store.rows(
    `insert into audit_log (at, owner_id, document_id, actor, action, via)
     select now() - n * interval '1 hour', $1, $2, 'operator', 'read', 'cli' from generate_series(1200, 1, -1) n`,
    ann,
    someDocument,
  );
  await store.rows(
    "insert into audit_log (owner_id, actor, action, via) values ($1::uuid, $1::text, 'listed', 'api')",
    ben,
  );
  const log = new AuditLog(store.database);
  const count = async (filter: Parameters<AuditLog["entries"]>[0]) => {
    let [count, last] = [0, 0];
    for await (const { id } of log.entries(filter)) {
      assert.ok(Number(id) > last);
      last = Number(id);
      count++;
    }
    return count;
  };
  assert.equal(await count({}), 1201);
  assert.equal(await count({ ownerId: ann }), 1200);
  assert.equal(await count({ documentId: someDocument }), 1200);
  assert.equal(await count({ ownerId: ben, since: new Date(Date.now() - 60_000) }), 1);
  assert.equal(await count({ ownerId: ann, since: new Date(Date.now() - 10.5 * 3_600_000) }), 10);
});
