import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { type DocumentOptions, failedPage, readerVersion } from "@quire/core";
import { claimed, finishOne, owner, page, read, reader, Store, sha256 } from "../testing/fixtures.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

const letter = { sha256: sha256("a letter") };

test("the same content is returned while it waits, is read and is complete", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const id = await store.add(letter);
  assert.equal(await store.add(letter), id, "waiting");
  const claim = await claimed(queue);
  assert.equal(await store.add(letter), id, "being read");
  await read(claim, 1);
  await claim.finish(0.5);
  assert.equal(await store.add(letter), id, "completed");
  assert.equal(await store.value("select count(*)::int from documents"), 1);
});

test("another owner's, other options, or force: it is read on its own", async (t) => {
  const store = await Store.open(t, cluster);
  const first = await store.add(letter);
  const others = [
    await store.add({ ...letter, ownerId: owner("b") }),
    await store.add({ ...letter, options: { textLayer: "never" } }),
    await store.add({ ...letter, force: true }),
  ];
  assert.equal(new Set([first, ...others]).size, 4);
  const explicit = {
    ...letter,
    ownerId: owner("b"),
    options: { textLayer: "auto", languages: ["eng"] },
  } as const;
  assert.equal(await store.add(explicit), others[0], "the defaults, written out, are the same options");
});

test("what failed, is partial or was cancelled is read again", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const cancelled = await store.add(letter);
  await store.documents.cancel(cancelled);

  const failed = await store.add(letter);
  await (await claimed(queue)).fail("corrupt_file", "It is damaged.");

  const partial = await store.add(letter);
  const claim = await claimed(queue);
  await read(claim, 2, 1);
  await claim.savePage(failedPage(2, { code: "page_unreadable", message: "No." }));
  assert.equal(await claim.finish(0.5), "partial");

  const again = await store.add(letter);
  assert.equal(new Set([cancelled, failed, partial, again]).size, 4);
});

test("options that mean the same are found, also as an earlier version stored them", async (t) => {
  const store = await Store.open(t, cluster);
  const id = await store.add(letter);
  const stored = { languages: ["eng"], textLayer: "auto", rotate: "auto", deskew: "never" };
  await store.rows("update documents set options = $2 where id = $1", id, stored);
  for (const options of [
    {},
    { languages: ["auto"] },
    { languages: ["eng"] },
    { quality: "balanced" } as const,
    { deskew: "auto" } as Partial<DocumentOptions>,
  ])
    assert.equal(await store.add({ ...letter, options }), id, JSON.stringify(options));
  for (const options of [{ quality: "best" }, { quality: "fast" }, { languages: ["deu"] }] as const)
    assert.notEqual(await store.add({ ...letter, options }), id, JSON.stringify(options));
});

test("what an older reader recognised is read again, and found once it has been", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const id = await store.add(letter);
  await finishOne(queue, [page(1), page(2)]);
  assert.equal(await store.add(letter), id);
  const older = { ...reader, version: readerVersion - 1 };
  for (const was of [null, older]) {
    await store.rows("update pages set reader = $1 where page_number = 2", was);
    const again = await store.add(letter);
    assert.notEqual(again, id);
    assert.equal(await store.add(letter), again, "while it waits");
    await store.documents.cancel(again);
  }
  await store.rows("update pages set reader = $1", { ...reader, version: readerVersion + 1 });
  assert.equal(await store.add(letter), id, "a newer reader is none to be replaced");
  await store.rows("update pages set reader = null, outcome = 'text_layer'");
  assert.equal(await store.add(letter), id, "nothing was recognised");
});

test("ten at once create exactly one", async (t) => {
  const store = await Store.open(t, cluster);
  const ids = await Promise.all(Array.from({ length: 10 }, () => store.add(letter)));
  assert.equal(new Set(ids).size, 1);
  assert.equal(await store.value("select count(*)::int from documents"), 1);
  assert.equal(await store.value("select count(*)::int from pgboss.job"), 1);
});

test("an addition whose answer was lost can be made again, forced or not", async (t) => {
  const store = await Store.open(t, cluster);
  for (const force of [false, true]) {
    const id = randomUUID();
    const document = { ...letter, id, ownerId: owner(force ? "f" : "n"), filename: "a.pdf", storageKey: "a" };
    for (const _attempt of ["lost", "heard"]) {
      assert.deepEqual(await store.documents.add({ ...document, sizeBytes: 1, options: {}, force }), {
        id,
        created: true,
      });
    }
  }
  assert.equal(await store.value("select count(*)::int from pgboss.job"), 2);
});
