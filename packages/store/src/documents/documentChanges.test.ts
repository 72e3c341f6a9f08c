import assert from "node:assert/strict";
import { EventEmitter, on } from "node:events";
import { after, before, type TestContext, test } from "node:test";
import { claimed, owner, page, Store } from "../testing/fixtures.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";
import { DocumentChanges, type Watched } from "./documentChanges.ts";
import { OwnedDocuments } from "./ownedDocuments.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

const [ann, ben] = [owner("a"), owner("b")];

/** What a watcher is told, one by one: a document's id, or `gap`. */
class Told {
  readonly all: string[] = [];
  readonly unsubscribe: () => void;
  readonly #emitter = new EventEmitter();
  readonly #told: AsyncIterator<string[]>;

  constructor(t: TestContext, changes: DocumentChanges, watched: Watched) {
    const closing = new AbortController();
    t.after(() => closing.abort());
    this.#told = on(this.#emitter, "told", { signal: closing.signal })[Symbol.asyncIterator]();
    const tell = (what: string) => {
      this.all.push(what);
      this.#emitter.emit("told", what);
    };
    this.unsubscribe = changes.subscribe(watched, tell, () => tell("gap"));
  }

  async next(): Promise<string | undefined> {
    const { value } = await this.#told.next();
    return value?.[0];
  }
}

function open(t: TestContext, store: Store): DocumentChanges {
  const changes = new DocumentChanges(store.url);
  t.after(() => changes.close());
  return changes;
}

test("whoever watches an owner's documents, or one of them, is told of each change of it and of no other", async (t) => {
  const store = await Store.open(t, cluster);
  const id = await store.add();
  const changes = open(t, store);
  const [anns, one, bens] = [
    { ownerId: ann },
    { ownerId: ann, documentId: id.toUpperCase() },
    { ownerId: ben },
  ].map((watched) => new Told(t, changes, watched)) as [Told, Told, Told];
  for (const told of [anns, one, bens]) assert.equal(await told.next(), "gap");
  const wrong = new Told(t, changes, { ownerId: ben, documentId: id });

  const claim = await claimed(await store.queue());
  assert.deepEqual([await anns.next(), await one.next()], [id, id]);
  await claim.savePage(page(1));
  assert.deepEqual([await anns.next(), await one.next()], [id, id]);
  const other = await store.add();
  assert.equal(await anns.next(), other);
  await new OwnedDocuments(store.database, ann).erase(id);
  for (const told of [anns, one]) assert.equal(await told.next(), id);
  const last = await store.add({ ownerId: ben });
  assert.equal(await bens.next(), last);
  assert.deepEqual(bens.all, ["gap", last]);
  assert.equal(one.all.includes(other), false);
  assert.deepEqual(wrong.all, []);
});

test("after a lost connection everybody is told that something may be missing, and then all goes on", async (t) => {
  const store = await Store.open(t, cluster);
  const changes = open(t, store);
  const watchers = [new Told(t, changes, { ownerId: ann }), new Told(t, changes, { ownerId: ben })];
  for (const told of watchers) assert.equal(await told.next(), "gap");
  for (let loss = 0; loss < 3; loss++) {
    assert.equal(
      await store.value(
        "select count(pg_terminate_backend(pid))::int from pg_stat_activity where application_name = 'quire listen' and datname = current_database()",
      ),
      1,
      "one connection, whoever watches",
    );
    for (const told of watchers) assert.equal(await told.next(), "gap");
    const id = await store.add();
    assert.equal(await watchers[0]?.next(), id);
  }
  assert.deepEqual(watchers[1]?.all, ["gap", "gap", "gap", "gap"]);
});

test("who has left is told nothing, and is forgotten", async (t) => {
  const store = await Store.open(t, cluster);
  const changes = open(t, store);
  const [gone, alsoGone, staying] = [1, 2, 3].map(() => new Told(t, changes, { ownerId: ann })) as [
    Told,
    Told,
    Told,
  ];
  assert.equal(changes.watcherCount, 3);
  for (const told of [gone, alsoGone, staying]) assert.equal(await told.next(), "gap");
  gone.unsubscribe();
  gone.unsubscribe();
  // Also one that leaves while it is being told.
  const leaving = changes.subscribe(
    { ownerId: ann },
    () => leaving(),
    () => {},
  );
  alsoGone.unsubscribe();
  const id = await store.add();
  assert.equal(await staying.next(), id);
  assert.deepEqual([gone.all, alsoGone.all], [["gap"], ["gap"]]);
  assert.equal(changes.watcherCount, 1);
  staying.unsubscribe();
  const again = new Told(t, changes, { ownerId: ann });
  staying.unsubscribe();
  const last = await store.add();
  assert.equal(await again.next(), last, "who comes after all have left is told, whoever leaves twice");
});

test("closed, it leaves no connection, also while it cannot connect", async (t) => {
  const store = await Store.open(t, cluster);
  const changes = new DocumentChanges(store.url);
  const told = new Told(t, changes, { ownerId: ann });
  await told.next();
  await changes.close();
  assert.equal(
    await store.value(
      "select count(*)::int from pg_stat_activity where application_name = 'quire listen' and datname = current_database()",
    ),
    0,
  );
  await new DocumentChanges("postgres://nobody@127.0.0.1:1/none").close();
});
