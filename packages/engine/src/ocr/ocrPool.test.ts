import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadConfig } from "@quire/core";
import { openDocument } from "../formats/openDocument.ts";
import { prepareForRecognition } from "../raster/prepare.ts";
import { findModel, parseLanguages } from "./models.ts";
import { type OcrJob, OcrPool, type OcrPoolSettings } from "./ocrPool.ts";

const settings: OcrPoolSettings = {
  threads: 1,
  threadMaxPages: 100,
  threadMaxBytes: 2 ** 30,
  collectEveryPages: 10,
};
const dpi = 200;
const pages: Uint8Array[] = [];
const pools: OcrPool[] = [];

before(async () => {
  const path = fileURLToPath(new URL("../../../../samples/report.tif", import.meta.url));
  const document = await openDocument(path, undefined, loadConfig({}).limits);
  for (const number of [1, 2]) {
    const page = await document.openPage(number);
    pages.push(prepareForRecognition(await page.rasterise(dpi), dpi) as Uint8Array);
  }
  await document.close();
});
after(() => Promise.all(pools.map((pool) => pool.close())));

function start(changed: Partial<OcrPoolSettings> = {}): OcrPool {
  const pool = new OcrPool({ ...settings, ...changed });
  pools.push(pool);
  return pool;
}

/** A page as a job of a document. The image is handed over for good, so each job gets its own copy. */
function job(page: number, document: number, languages = ["eng"]): OcrJob {
  const modelPaths = languages.map((language) => findModel(language, null));
  return { image: new Uint8Array(pages[page] as Uint8Array), dpi, languages, modelPaths, document };
}

const nothing = () => {};

test("a page reads the same whatever document the thread had before", async () => {
  const fresh = await start().recognise(job(1, 1, ["eng", "fra"]), nothing);
  const used = start();
  await used.recognise(job(0, 1, ["eng", "fra"]), nothing);
  assert.deepEqual(await used.recognise(job(1, 2, ["eng", "fra"]), nothing), fresh);
});

test("a thread is replaced after its pages, and when its memory is over the bound", async () => {
  for (const changed of [{ threadMaxPages: 1 }, { threadMaxBytes: 1 }]) {
    const pool = start(changed);
    const first = await pool.recognise(job(0, 1), nothing);
    assert.deepEqual(await pool.recognise(job(0, 1), nothing), first);
    assert.equal(pool.threadsStarted, 2);
  }
  const kept = start();
  await kept.recognise(job(0, 1), nothing);
  await kept.recognise(job(0, 1), nothing);
  assert.equal(kept.threadsStarted, 1);
});

test("a thread that is replaced makes room for one, while others wait", async () => {
  const pool = start({ threads: 2, threadMaxPages: 1 });
  const results = await Promise.all([0, 1, 0, 1].map((page) => pool.recognise(job(page, 1), nothing)));
  assert.ok(results.every((words) => words.length > 50));
  assert.equal(pool.threadsStarted, 4);
});

test("threads that cannot start fail the pages that wait for them", async () => {
  const pool = start();
  const broken = { ...job(0, 1), languages: ["eng"], modelPaths: [Symbol("not sent") as unknown as string] };
  const results = await Promise.allSettled([1, 2, 3].map(() => pool.recognise(broken, nothing)));
  for (const result of results)
    assert.equal(result.status === "rejected" && result.reason.code, "page_unreadable");
  assert.ok((await pool.recognise(job(0, 1), nothing)).length > 50);
});

test("a page that is no image fails alone", async () => {
  const pool = start();
  const broken = { ...job(0, 1), image: new Uint8Array([1, 2, 3]) };
  await assert.rejects(pool.recognise(broken, nothing), { code: "page_unreadable" });
  assert.ok((await pool.recognise(job(0, 1), nothing)).length > 50);
});

test("pages wait for a thread, and each is answered", async () => {
  const pool = start();
  const started: number[] = [];
  const results = await Promise.all(
    [0, 1, 0].map((page, index) => pool.recognise(job(page, 1), () => started.push(index))),
  );
  assert.deepEqual(started, [0, 1, 2]);
  assert.deepEqual(results[2], results[0]);
  assert.notDeepEqual(results[1], results[0]);
});

test("a thread started ahead reads the first page, and a damaged model is that page's error", async () => {
  const pool = start({ threads: 2 });
  await pool.warm(job(0, 1));
  assert.ok((await pool.recognise(job(0, 1), nothing)).length > 50);
  assert.equal(pool.threadsStarted, 1);

  const damaged = { ...job(0, 1), modelPaths: [fileURLToPath(import.meta.url)] };
  const other = start();
  await other.warm(damaged);
  await assert.rejects(other.recognise(damaged, nothing), { code: "page_unreadable" });
});

test("a model that is damaged fails the page and says so", async () => {
  const damaged = { ...job(0, 1), modelPaths: [fileURLToPath(import.meta.url)] };
  await assert.rejects(start().recognise(damaged, nothing), {
    code: "page_unreadable",
    message: /model of eng/,
  });
});

test("a language that is not there names what to install, or where to put it", () => {
  assert.deepEqual(parseLanguages("eng+chi_sim"), ["eng", "chi_sim"]);
  assert.deepEqual(parseLanguages("auto"), ["auto"]);
  assert.throws(() => parseLanguages("eng+auto"), { code: "language_missing" });
  assert.throws(() => parseLanguages("eng+../../etc"), { code: "language_missing" });
  assert.throws(() => findModel("xyz", null), {
    code: "language_missing",
    message: /npm install @tesseract.js-data\/xyz/,
  });
  assert.throws(() => findModel("eng", "/nowhere"), {
    code: "language_missing",
    message: /eng\.traineddata in TESSDATA_DIR/,
  });
});
