import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import pg from "pg";
import type { Session } from "../database.ts";
import { OwnedDocuments } from "../documents/ownedDocuments.ts";
import { become, type Role } from "../testing/asRole.ts";
import { claimed, owner, read, Store } from "../testing/fixtures.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";
import { OwnedWebhooks } from "../webhooks/ownedWebhooks.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

const [ann, ben] = [owner("a"), owner("b")];
const verbs = ["select", "insert", "update", "delete", "truncate"] as const;
type Verb = (typeof verbs)[number];
/** Whose rows the statement reaches, when it asks for all: `denied`, it is not so much as begun. */
type Reach = "denied" | "own" | "all";
type Rights = Readonly<Record<Verb, Reach>>;

const none: Rights = {
  select: "denied",
  insert: "denied",
  update: "denied",
  delete: "denied",
  truncate: "denied",
};
const all: Rights = { select: "all", insert: "all", update: "all", delete: "all", truncate: "all" };
const reads: Rights = { ...none, select: "own" };

interface Expected {
  readonly anon: Rights;
  /** Of Ann and of Ben. */
  readonly user: Rights;
  readonly service: Rights;
  /** A column that the service may write without changing it. */
  readonly column: string;
}
const service = { anon: none, service: all };

/** Every table that there is in public. One that is missing here fails the test. */
const expected: Readonly<Record<string, Expected>> = {
  documents: { ...service, user: { ...reads, insert: "own" }, column: "filename" },
  pages: { ...service, user: reads, column: "dpi" },
  page_contents: { ...service, user: reads, column: "text" },
  erased_documents: { ...service, user: reads, column: "status" },
  outputs: { ...service, user: reads, column: "sha256" },
  // Only ever added to, and that by functions.
  audit_log: { anon: none, user: reads, service: { ...none, select: "all" }, column: "action" },
  pages_in_flight: { ...service, user: none, column: "alone" },
  document_failures: { ...service, user: none, column: "code" },
  worker_events: { ...service, user: none, column: "event" },
  worker_memory_samples: { ...service, user: none, column: "used_bytes" },
  webhooks: { ...service, user: reads, column: "url" },
};

/** Those in which a row is somebody's. */
const owned = ["audit_log", "documents", "pages", "page_contents", "erased_documents", "webhooks", "outputs"];

/** Rows of Ann's and of Ben's in every table, and as many of nobody's where nobody owns them. */
async function fill(store: Store): Promise<void> {
  const queue = await store.queue();
  for (const ownerId of [ann, ben]) {
    const id = await store.add({ ownerId });
    const claim = await claimed(queue);
    await read(claim, 2);
    await claim.finish(0.5);
    await store.rows(
      "insert into pages_in_flight (document_id, page_number, claim, alone) values ($1, 1, 1, true)",
      id,
    );
    await store.rows(
      `insert into outputs (document_id, run, claim, format, owner_id, size_bytes, sha256)
       values ($1, 1, 1, 'text', $2, 3, repeat('0', 64))`,
      id,
      ownerId,
    );
    await store.rows(
      "insert into document_failures (document_id, claim, code, message) values ($1, 1, 'no_progress', '')",
      id,
    );
    await new OwnedDocuments(store.database, ownerId).erase(await store.add({ ownerId }));
    await new OwnedWebhooks(store.database, ownerId, { allowPrivate: false }).add({
      url: "https://example.org/",
    });
    await store.rows("insert into worker_events (worker_id, event) values ('w', 'started')");
    await store.rows(
      "insert into worker_memory_samples (worker_id, used_bytes, budget_bytes) values ($1, 1, 2)",
      ownerId,
    );
  }
}

/** A role, and the user that the claims name. */
type Who = readonly [Role, string?];

const rolledBack = new Error("nothing of it stays");

/** What comes of it, as this role and user; nothing stays. */
async function tried<Result>(
  store: Store,
  [role, userId]: Who,
  act: (session: Session) => Promise<Result>,
): Promise<Result> {
  const outcome = Promise.withResolvers<Result>();
  const trying = store.database.transaction(async (session) => {
    await become(session, role, userId);
    outcome.resolve(await act(session));
    throw rolledBack;
  });
  await trying.catch((error) => {
    if (error !== rolledBack) outcome.reject(error);
  });
  return outcome.promise;
}

const isDenied = (error: unknown) => error instanceof pg.DatabaseError && error.code === "42501";
const isRow = (error: unknown) => error instanceof pg.DatabaseError && error.code?.startsWith("23");

/** How many rows a statement reaches; null: it is denied. */
async function reached(
  store: Store,
  who: Who,
  statement: string,
  values: readonly unknown[] = [],
): Promise<number | null> {
  try {
    return await tried(store, who, async (session) => {
      const [row] = await session.query<{ n: number }>(statement, values);
      return row?.n ?? 0;
    });
  } catch (error) {
    if (isDenied(error)) return null;
    throw error;
  }
}

/** Inserts a row of this owner's, and of this one's file. */
const insertDocument = `
  with added as (insert into documents (owner_id, filename, storage_key, size_bytes) values ($1, 'a.pdf', $2, 1) returning id)
  select count(*)::int as n from added`;

/** A row of whoever asks, and rows that are another's by their owner, by their file, or by both. */
async function reachOfInsertion(store: Store, who: Who): Promise<Reach> {
  const self = who[1] ?? ann;
  const other = self === ann ? ben : ann;
  const inserted = async (of: string, fileOf: string) =>
    (await reached(store, who, insertDocument, [of, `${fileOf}/1`])) !== null;
  if (!(await inserted(self, self))) return "denied";
  const others = [await inserted(other, other), await inserted(other, self), await inserted(self, other)];
  return others.includes(true) ? "all" : "own";
}

async function reachOf(
  store: Store,
  who: Who,
  table: string,
  verb: Verb,
  rows: { own: number; all: number },
): Promise<Reach | string> {
  const asReach = (n: number | null) => {
    if (n === null) return "denied";
    return n === rows.all ? "all" : n === rows.own ? "own" : `${n} rows`;
  };
  const { column } = expected[table] as Expected;
  if (verb === "select") return asReach(await reached(store, who, `select count(*)::int as n from ${table}`));
  if (verb === "update")
    return asReach(
      await reached(
        store,
        who,
        `with u as (update ${table} set ${column} = ${column} returning 1) select count(*)::int as n from u`,
      ),
    );
  if (verb === "delete")
    return asReach(
      await reached(
        store,
        who,
        `with d as (delete from ${table} returning 1) select count(*)::int as n from d`,
      ),
    );
  if (verb === "truncate")
    return (await reached(store, who, `truncate ${table} cascade`)) === null ? "denied" : "all";
  if (table === "documents") return reachOfInsertion(store, who);
  // Refused for what is in the row, and not for who asks.
  return reached(
    store,
    who,
    `with i as (insert into ${table} default values returning 1) select 1 as n from i`,
  ).then(
    (n) => (n === null ? "denied" : "all"),
    (error) => (isRow(error) ? "all" : Promise.reject(error)),
  );
}

test("whose rows each role reaches in each table with each verb is this and no more", async (t) => {
  const store = await Store.open(t, cluster);
  await fill(store);
  const tables = await store.rows<{ name: string; secured: boolean }>(
    `select relname as name, relrowsecurity as secured from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f') order by 1`,
  );
  assert.deepEqual(
    tables.map(({ name }) => name),
    Object.keys(expected).toSorted(),
  );
  for (const { name, secured } of tables) {
    assert.ok(secured, `${name} has row-level security`);
    const total = await store.value<number>(`select count(*)::int from ${name}`);
    const ofAnn = owned.includes(name) ? total / 2 : 0;
    assert.ok(total >= 2 && Number.isInteger(ofAnn), `${name} has rows of both`);
    const rights = expected[name] as Expected;
    const roles = [
      ["anon", ["anon"], rights.anon],
      ["anon, who says to be Ann", ["anon", ann], rights.anon],
      ["Ann", ["authenticated", ann], rights.user],
      ["Ben", ["authenticated", ben], rights.user],
      ["the service", ["service_role", ann], rights.service],
    ] as const;
    for (const [whoever, who, may] of roles) {
      for (const verb of verbs)
        assert.equal(
          await reachOf(store, who, name, verb, { own: ofAnn, all: total }),
          may[verb],
          `${whoever} ${verb} ${name}`,
        );
    }
    if (rights.user.select !== "own") continue;
    const ofOthers = `select count(*)::int as n from ${name} where owner_id <> $1`;
    for (const userId of [ann, ben])
      assert.equal(await reached(store, ["authenticated", userId], ofOthers, [userId]), 0, name);
    for (const nobody of [["authenticated"], ["authenticated", owner("z")]] as const satisfies Who[])
      assert.equal(await reached(store, nobody, `select count(*)::int as n from ${name}`), 0, name);
  }
});
