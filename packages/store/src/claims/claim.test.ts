import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { failedPage, readerVersion } from "@quire/core";
import { claimed, page, read, Store, sha256 } from "../testing/fixtures.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";
import { ClaimLost } from "./claim.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

const unreadable = { code: "page_unreadable", message: "It cannot be drawn." } as const;

test("a claim's number rises with every claim, and it brings what is known", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  assert.equal(await queue.claim("small"), null);
  const id = await store.add({ sha256: sha256("x"), options: { languages: ["deu"] } });
  const first = await claimed(queue);
  assert.deepEqual([first.documentId, first.number, first.lane, first.pageCount], [id, 1, "small", null]);
  assert.deepEqual(first.options, {
    languages: ["deu"],
    textLayer: "auto",
    rotate: "auto",
    // For a worker of an earlier version, which would not straighten pages without it.
    deskew: "auto",
  });
  assert.deepEqual([first.sizeBytes, first.sha256], [1000, sha256("x")]);
  assert.equal(await queue.claim("small"), null);
  await read(first, 3, 2);
  await first.release();
  const second = await claimed(queue);
  assert.deepEqual([second.number, second.pageCount, [...second.pagesRead]], [2, 3, [1, 2]]);
  assert.deepEqual([second.suspects, second.job.id], [[], first.job.id]);
});

test("a page can be read by others as soon as it is saved, and saved twice it counts once", async (t) => {
  const store = await Store.open(t, cluster);
  const id = await store.add();
  const claim = await claimed(await store.queue());
  await claim.describe({ pageCount: 2, contentType: "application/pdf", sha256: sha256("") });
  const saved = page(2, { warnings: ["downscaled"], rotation: 90, meanConfidence: 88.5 });
  await claim.beginPage(2, { alone: false });
  await claim.savePage(saved);
  await claim.savePage({ ...saved, text: "again" });
  assert.deepEqual(await store.pages(id), [saved]);
  const { pagesDone, pagesFailed, contentType } = await store.documents.get(id);
  assert.deepEqual([pagesDone, pagesFailed, contentType], [1, 0, "application/pdf"]);
  assert.equal(await store.value("select count(*)::int from pages_in_flight"), 0);
});

test("what Postgres cannot store as text is replaced, wherever it stands", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const id = await store.add();
  const claim = await claimed(queue);
  await claim.describe({ pageCount: 3, contentType: "application/pdf", sha256: sha256("") });
  const bad = "a\0b\uD800c \u{1F600}";
  const good = "a\uFFFDb\uFFFDc \u{1F600}";
  const [word] = page(1).words;
  assert.ok(word);
  await claim.savePage(page(1, { text: bad, words: [{ ...word, text: bad }] }));
  await claim.savePage(failedPage(2, { ...unreadable, message: bad }));
  const [first, second] = await store.pages(id);
  assert.deepEqual([first?.text, first?.words[0]?.text, second?.error?.message], [good, good, good]);
  await claim.retry("failure", "page_timeout", bad, 0);
  await (await claimed(queue)).fail("corrupt_file", bad);
  assert.deepEqual(
    (await store.documents.story(id)).map(({ message }) => message),
    [good, good],
  );
});

test("what recognised a page, its uncertain numbers and the model it lacks are stored with it", async (t) => {
  const store = await Store.open(t, cluster);
  const id = await store.add();
  const claim = await claimed(await store.queue());
  await claim.describe({ pageCount: 2, contentType: "application/pdf", sha256: sha256("") });
  const box = { x: 1, y: 2, width: 3, height: 4 };
  const [corner, other] = [
    { x: 1, y: 2 },
    { x: 4, y: 6 },
  ];
  const word = { confidence: 60, uncertain: true, box, line: 0, block: 0 };
  const read = page(1, {
    words: [
      { ...word, text: "31", alternative: "37", polygon: [corner, other, corner, other] },
      { ...word, text: "µ\0", alternative: "p\0" },
    ],
    warnings: ["script_not_covered"],
    missingLanguage: "rus",
  });
  await claim.savePage(read);
  await claim.savePage(
    page(2, { outcome: "text_layer", reader: null, words: [{ ...word, uncertain: false, text: "7" }] }),
  );
  const [first, second] = await store.pages(id);
  const storable = { ...word, text: "µ\uFFFD", alternative: "p\uFFFD" };
  assert.deepEqual(first, { ...read, words: [read.words[0], storable] });
  assert.ok(second && second.reader === null && !("missingLanguage" in second));
  assert.deepEqual(await store.rows("select uncertain_numbers from pages order by page_number"), [
    { uncertain_numbers: 1 },
    { uncertain_numbers: 0 },
  ]);
  const { uncertainNumbers, uncertainPages } = await store.documents.get(id);
  assert.deepEqual([uncertainNumbers, uncertainPages], [1, [1]]);
});

test("the version of the reader is the same in the schema and in the code", async (t) => {
  const store = await Store.open(t, cluster);
  assert.equal(await store.value("select quire.current_reader_version()"), readerVersion);
});

test("a document of an earlier version is read in whatever language it is in, unless somebody named one", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const id = await store.add();
  const stored = { textLayer: "auto", rotate: "auto", deskew: "never" };
  for (const [languages, read] of [
    [["eng"], ["auto"]],
    [["deu"], ["deu"]],
  ]) {
    await store.rows("update documents set options = $2 where id = $1", id, { ...stored, languages });
    const claim = await claimed(queue);
    assert.deepEqual(claim.options.languages, read);
    await claim.release();
  }
  const named = await store.add({ options: { languages: ["eng"] } });
  await store.documents.cancel(id);
  const claim = await claimed(queue);
  assert.deepEqual([claim.documentId, claim.options.languages], [named, ["eng"]]);
});

test("a document is finished when every page is there, and not before", async (t) => {
  const store = await Store.open(t, cluster);
  const id = await store.add();
  const claim = await claimed(await store.queue());
  await assert.rejects(claim.finish(0.5), { code: "internal_error" });
  await read(claim, 3, 2);
  const before = await store.everything();
  await assert.rejects(claim.finish(0.5), { code: "internal_error", message: /^2 of 3 pages/ });
  assert.deepEqual(await store.everything(), before);
  await claim.savePage(page(3));
  assert.equal(await claim.finish(0.5), "completed");
  const { status, finishedAt } = await store.documents.get(id);
  assert.deepEqual([status, finishedAt !== null], ["completed", true]);
  assert.deepEqual(await store.rows("select state, worker_id, job_id from pgboss.job, documents"), [
    { state: "completed", worker_id: null, job_id: null },
  ]);
});

for (const [failed, status] of [
  [1, "partial"],
  [2, "partial"],
  [3, "failed"],
] as const) {
  test(`${failed} of 4 pages failed, at a ratio of 0.5: ${status}, and the good ones can be read`, async (t) => {
    const store = await Store.open(t, cluster);
    const id = await store.add();
    const claim = await claimed(await store.queue("worker-1"));
    await read(claim, 4, 4 - failed);
    for (let n = 4; n > 4 - failed; n--) await claim.savePage(failedPage(n, unreadable));
    assert.equal(await claim.finish(0.5), status);
    const document = await store.documents.get(id);
    assert.deepEqual([document.status, document.pagesDone, document.pagesFailed], [status, 4, failed]);
    assert.equal((await store.pages(id)).length, 4);
    const letters = await store.documents.deadLetters(10);
    assert.deepEqual(
      letters.map(({ errorCode }) => errorCode),
      status === "failed" ? ["too_many_failed_pages"] : [],
    );
    const tellers = status === "failed" ? [{ worker_id: "worker-1" }] : [];
    assert.deepEqual(await store.rows("select worker_id from document_failures"), tellers);
  });
}

test("a document moves to the lane of its pages, uncharged, and is claimed there", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const id = await store.add();
  const claim = await claimed(queue);
  const lane = await claim.describe({ pageCount: 81, contentType: "image/tiff", sha256: sha256("") });
  assert.equal(lane, "large");
  await claim.move(lane);
  const { status, failures, stalls } = await store.documents.get(id);
  assert.deepEqual([status, failures, stalls], ["queued", 0, 0]);
  assert.equal(await queue.claim("small"), null);
  const moved = await queue.claim("large");
  assert.deepEqual([moved?.documentId, moved?.number, moved?.pageCount], [id, 2, 81]);
});

test("handed back, it is free at once for anybody, and nothing is counted or suspected", async (t) => {
  const store = await Store.open(t, cluster);
  const id = await store.add();
  const claim = await claimed(await store.queue("worker-1"));
  await read(claim, 3, 1);
  await claim.beginPage(2, { alone: true });
  await claim.release();
  const next = await claimed(await store.queue("worker-2"));
  assert.deepEqual([next.documentId, [...next.pagesRead], next.suspects], [id, [1], []]);
  const { failures, stalls } = await store.documents.get(id);
  assert.deepEqual([failures, stalls, await store.documents.story(id)], [0, 0, []]);
});

test("cancelled while it is read: the hold and the next page are lost, and the job is gone", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const id = await store.add();
  const claim = await claimed(queue);
  await read(claim, 3, 1);
  await claim.beginPage(2, { alone: false });
  assert.deepEqual(await queue.hold([claim]), []);
  assert.equal(await store.documents.cancel(id), "cancelled");
  assert.deepEqual(await queue.hold([claim]), [claim]);
  await assert.rejects(claim.savePage(page(2)), ClaimLost);
  assert.equal(await queue.claim("small"), null);
  assert.equal((await store.pages(id)).length, 1);
  assert.equal(await store.value("select count(*)::int from pages_in_flight"), 0);
  assert.equal(await store.documents.cancel(id), "cancelled", "a second time: the same answer");
});

test("the job of a document that was erased is dropped, and the next document claimed", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const erased = await store.add();
  const next = await store.add();
  await store.rows("delete from documents where id = $1", erased);
  assert.equal((await claimed(queue)).documentId, next);
  assert.equal(await store.value("select count(*)::int from pgboss.job where state < 'completed'"), 1);
});
