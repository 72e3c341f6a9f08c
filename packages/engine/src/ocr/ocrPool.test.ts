import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadConfig } from "@quire/core";
import { findModels } from "@quire/models";
import { openDocument } from "../formats/openDocument.ts";
import type { GreyRaster } from "../raster/greyRaster.ts";
import { findModel, parseLanguages } from "../tesseract/models.ts";
import type { OcrRequest } from "./ocrMessages.ts";
import { OcrPool, type OcrPoolSettings } from "./ocrPool.ts";

const settings: OcrPoolSettings = {
  threads: 1,
  threadMaxPages: 100,
  threadMaxBytes: 2 ** 30,
  collectEveryPages: 10,
  models: findModels(null),
  installed: ["eng", "fra"],
  tessdataDir: null,
};
/** Tesseract reads everything. */
const tesseractOnly = { models: null };
const dpi = 200;
const pages: GreyRaster[] = [];
const pools: OcrPool[] = [];
const folder = mkdtempSync(join(tmpdir(), "quire-pool-"));

before(async () => {
  const path = fileURLToPath(new URL("../../../../samples/report.tif", import.meta.url));
  const document = await openDocument(path, undefined, loadConfig({}).limits);
  for (const number of [1, 2]) {
    const page = await document.openPage(number);
    pages.push(await page.rasterise(dpi));
  }
  await document.close();
});
after(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  rmSync(folder, { recursive: true });
});

function start(changed: Partial<OcrPoolSettings> = {}): OcrPool {
  const pool = new OcrPool({ ...settings, ...changed });
  pools.push(pool);
  return pool;
}

/** A page of a document. The raster is handed over for good, so each request gets its own copy. */
function request(page: number, document: number, languages: readonly string[] = ["eng"]): OcrRequest {
  const raster = pages[page] as GreyRaster;
  return {
    raster: { ...raster, pixels: new Uint8Array(raster.pixels) },
    document,
    languages,
    rotate: "auto",
    quality: "fast",
  };
}

const blank = (): OcrRequest => ({
  ...request(0, 1),
  raster: { width: 200, height: 200, dpi, pixels: new Uint8Array(40_000).fill(255) },
});

/** A folder of models in which the one for Russian is that for English: what reads a page shows, not what is read. */
function modelsFolder(name: string): string {
  const path = join(folder, name);
  cpSync(findModel("eng", null), join(path, "rus.traineddata.gz"));
  return path;
}

const nothing = () => {};

test("a page reads the same whatever document the thread had before", async () => {
  for (const changed of [{}, tesseractOnly]) {
    const fresh = await start(changed).recognise(request(1, 1, ["eng", "fra"]), nothing);
    const used = start(changed);
    await used.recognise(request(0, 1, ["eng", "fra"]), nothing);
    assert.deepEqual(await used.recognise(request(1, 2, ["eng", "fra"]), nothing), fresh);
  }
});

test("a thread is replaced after its pages, and when Tesseract's memory is over the bound", async () => {
  for (const changed of [{ threadMaxPages: 1 }, { threadMaxBytes: 1, ...tesseractOnly }]) {
    const pool = start(changed);
    const first = await pool.recognise(request(0, 1), nothing);
    assert.deepEqual(await pool.recognise(request(0, 1), nothing), first);
    assert.equal(pool.threadsStarted, 2);
  }
  for (const changed of [{}, tesseractOnly]) {
    const kept = start(changed);
    await kept.recognise(request(0, 1), nothing);
    await kept.recognise(request(0, 1), nothing);
    assert.equal(kept.threadsStarted, 1);
  }
});

test("a thread that read a page with Tesseract is replaced after some pages that did not need it", async () => {
  const pool = start({ installed: ["rus"], tessdataDir: modelsFolder("idle") });
  const { reader } = await pool.recognise(request(0, 1, ["rus"]), nothing);
  assert.equal(reader.engine, "tesseract");
  assert.ok((pool.figures()[0]?.wasm ?? 0) > 0);
  for (let page = 0; page < 9; page++) await pool.recognise(blank(), nothing);
  await pool.recognise(blank(), nothing);
  assert.equal(pool.threadsStarted, 2);
  assert.equal(pool.figures()[0]?.wasm, 0);
});

test("a thread that is replaced makes room for one, while others wait", async () => {
  const pool = start({ threads: 2, threadMaxPages: 1 });
  const results = await Promise.all([0, 1, 0, 1].map((page) => pool.recognise(request(page, 1), nothing)));
  assert.ok(results.every(({ words }) => words.length > 50));
  assert.equal(pool.threadsStarted, 4);
});

test("threads that cannot start fail the pages that wait for them, and no others", async () => {
  const installed = [Symbol("not sent") as unknown as string];
  const pool = start({ installed });
  const results = await Promise.allSettled([1, 2, 3].map(() => pool.recognise(blank(), nothing)));
  for (const result of results)
    assert.equal(result.status === "rejected" && result.reason.code, "page_unreadable");
  installed[0] = "eng";
  assert.ok((await pool.recognise(request(0, 1), nothing)).words.length > 50);
});

test("a page that fails has its thread replaced, and the next one is read", async () => {
  const noRaster = { ...blank(), raster: { width: -1, height: 1, dpi, pixels: new Uint8Array(1) } };
  const notSent = { ...blank(), languages: [Symbol("not sent") as unknown as string] };
  for (const broken of [noRaster, notSent]) {
    const pool = start();
    await assert.rejects(pool.recognise(broken, nothing), { code: "page_unreadable" });
    assert.ok((await pool.recognise(request(0, 1), nothing)).words.length > 50);
    assert.equal(pool.threadsStarted, 2);
  }
});

test("pages wait for a thread, and each is answered", async () => {
  const pool = start();
  const started: number[] = [];
  const results = await Promise.all(
    [0, 1, 0].map((page, index) => pool.recognise(request(page, 1), () => started.push(index))),
  );
  assert.deepEqual(started, [0, 1, 2]);
  assert.deepEqual(results[2], results[0]);
  assert.notDeepEqual(results[1], results[0]);
});

test("a thread started ahead reads the first page; one that cannot be started is that page's error", async () => {
  const pool = start({ threads: 2 });
  await pool.warm();
  assert.ok((await pool.recognise(request(0, 1), nothing)).words.length > 50);
  assert.equal(pool.threadsStarted, 1);

  const other = start({ installed: [Symbol("not sent") as unknown as string] });
  await other.warm();
  await assert.rejects(other.recognise(blank(), nothing), { code: "page_unreadable" });
});

test("all threads are started before the pages come", async () => {
  const pool = start({ threads: 2 });
  await pool.prepare();
  assert.equal(pool.threadsStarted, 2);
  await Promise.all([blank(), blank()].map((page) => pool.recognise(page, nothing)));
  assert.equal(pool.threadsStarted, 2);
});

test("a thread in which PP-OCR's models cannot be loaded says why, and reads with Tesseract", async () => {
  const models = findModels(null);
  const path = join(folder, "damaged.onnx");
  writeFileSync(path, "no model");
  const told: (string | null)[] = [];
  const pool = start({
    models: { ...models, fast: { ...models.fast, path } },
    onStarted: (unavailable) => told.push(unavailable),
  });
  const { reader, warnings, words } = await pool.recognise(request(0, 1), nothing);
  assert.equal(reader.engine, "tesseract");
  assert.deepEqual(warnings, ["single_reader"]);
  assert.ok(words.length > 50);
  assert.match(told.join(), /./);

  const sound = start({ onStarted: (unavailable) => told.push(unavailable) });
  await sound.prepare();
  assert.equal(told.at(-1), null);
});

test("a Tesseract model that is damaged fails the page and says so", async () => {
  writeFileSync(join(folder, "eng.traineddata"), "no model");
  const pool = start({ ...tesseractOnly, tessdataDir: folder, installed: ["eng"] });
  await assert.rejects(pool.recognise(request(0, 1), nothing), {
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
