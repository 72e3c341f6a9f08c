import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { countUncertainNumbers, loadConfig, type PageResult } from "@quire/core";
import { findModels } from "@quire/models";
import type { ReadOptions } from "../protocol.ts";
import { sharp } from "../raster/sharp.ts";
import { findModel } from "../tesseract/models.ts";
import { readOptions } from "../testing/fakeDocuments.ts";
import { Engine } from "./engine.ts";

const top = new URL("../../../../", import.meta.url);
const sample = (name: string) => fileURLToPath(new URL(`samples/${name}`, top));
const corpus = (name: string) => fileURLToPath(new URL(`../shared/corpus/reading/${name}`, top));
const folder = mkdtempSync(join(tmpdir(), "quire-reading-"));
const engines: Engine[] = [];

after(() => {
  for (const engine of engines) engine.close();
  rmSync(folder, { recursive: true });
});

function start(env: Record<string, string> = {}): Engine {
  const engine = new Engine(loadConfig({ OCR_THREADS: "1", ...env }));
  engines.push(engine);
  return engine;
}

const usual = start();

/** The first page of a document. */
async function read(path: string, options: Partial<ReadOptions> = {}, engine = usual): Promise<PageResult> {
  const document = await engine.openDocument(path, { ...readOptions, ...options });
  for await (const page of document.pages({ pageNumbers: [1] })) {
    document.close();
    return page;
  }
  throw new Error("the document has no page");
}

/** The share of the truth's words that were read, each counted as often as it stands there. */
function recall(page: PageResult, truth: string): number {
  const left = page.words.map(({ text }) => text);
  const wanted = truth.split(/\s+/).filter(Boolean);
  const found = wanted.filter((word) => {
    const index = left.indexOf(word);
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  });
  return found.length / wanted.length;
}

const truthOf = (path: string) => readFileSync(path.replace(/\.\w+$/, ".txt"), "utf8");
const hasDigit = ({ text }: { text: string }) => /\d/.test(text);

for (const name of ["dark-screenshot.png", "one-line.png", "wide-strip.png"]) {
  test(`every word of ${name} is read, in order`, async () => {
    const path = sample(`reading/${name}`);
    const page = await read(path);
    assert.deepEqual(page.text.split(/\s+/), truthOf(path).trim().split(/\s+/));
  });
}

test("a page 12,000 pixels high is read whole", async () => {
  const copies = 18;
  const [width, height] = [1_080, 648];
  const letter = await sharp(sample("languages/letters.tif")).resize(width, height).toBuffer();
  const path = join(folder, "tall.png");
  await sharp({ create: { width, height: 12_000, channels: 3, background: "white" } })
    .composite(
      Array.from({ length: copies }, (_, index) => ({ input: letter, left: 0, top: index * height })),
    )
    .png()
    .toFile(path);
  const one = await read(sample("languages/letters.tif"));
  const page = await read(path);
  const share = recall(page, `${one.text}\n`.repeat(copies));
  assert.ok(one.words.length > 40 && share > 0.97, `${share}`);
});

const smallDecimals = corpus("small-decimals.jpg");

test("no decimal point is lost without a mark", {
  skip: !existsSync(smallDecimals) && "the corpus is not there",
}, async () => {
  const page = await read(smallDecimals);
  const right = new Set(truthOf(smallDecimals).split(/\s+/));
  const wrong = page.words.filter((word) => hasDigit(word) && !right.has(word.text));
  assert.deepEqual(
    wrong.filter(({ uncertain }) => !uncertain).map(({ text }) => text),
    [],
  );
  assert.ok(recall(page, truthOf(smallDecimals)) > 0.95);
});

test("a page says what read it", async () => {
  const { reader, languages, warnings, words } = await read(sample("form.png"), { languages: ["auto"] });
  assert.deepEqual([reader?.engine, reader?.quality, reader?.version], ["pp-ocr", "balanced", 2]);
  assert.equal(reader?.models.length, 3);
  assert.deepEqual([languages, warnings], [[], []]);
  assert.ok(words.filter(hasDigit).length > 20);
  assert.deepEqual(usual.readerStatus, { engine: "pp-ocr", reason: null });
});

test("a page in Cyrillic is noticed, and the model to install is named", async () => {
  const page = await read(sample("languages/russian.tif"), { languages: ["auto"] });
  assert.ok(page.warnings.includes("script_not_covered"));
  assert.equal(page.missingLanguage, "rus");
  const latin = await read(sample("languages/french.tif"), { languages: ["auto"] });
  assert.deepEqual([latin.warnings, latin.missingLanguage], [[], undefined]);
});

test("a language that PP-OCR does not cover needs its model before a document is opened", async () => {
  await assert.rejects(usual.openDocument(sample("form.png"), { ...readOptions, languages: ["rus"] }), {
    code: "language_missing",
    message: /npm install @tesseract\.js-data\/rus/,
  });
});

/** A folder in which the model for Russian is the English one, so that it shows who reads and not what is read. */
function russianInName(): string {
  const path = join(folder, "tessdata");
  for (const language of ["eng", "rus"])
    cpSync(findModel("eng", null), join(path, `${language}.traineddata.gz`));
  return path;
}

test("with its model a page in Cyrillic is read by Tesseract, and its numbers again by PP-OCR", async () => {
  const engine = start({ TESSDATA_DIR: russianInName() });
  const page = await read(sample("languages/russian.tif"), { languages: ["auto"] }, engine);
  assert.equal(page.reader?.engine, "tesseract");
  assert.deepEqual([page.languages, page.missingLanguage], [["rus"], undefined]);
  assert.deepEqual(
    page.warnings.filter((warning) => warning !== "low_confidence"),
    [],
  );

  const form = await read(sample("form.png"), { languages: ["rus"] }, engine);
  assert.equal(form.reader?.engine, "tesseract");
  assert.deepEqual(form.reader?.models, ["rus", basename(findModels(null).accurate.name)]);
  const numbers = form.words.filter(hasDigit);
  assert.ok(numbers.length > 20);
  const uncertain = numbers.filter((word) => word.uncertain);
  assert.ok(uncertain.length < numbers.length / 4, uncertain.map(({ text }) => text).join(" "));
});

const languagePackage = (() => {
  try {
    return findModel("rus", null);
  } catch {
    return null;
  }
})();

test("with the package for Russian a page in Russian is read as it is written", {
  skip: languagePackage === null && "@tesseract.js-data/rus is not installed",
}, async () => {
  const page = await read(sample("languages/russian.tif"), { languages: ["auto"] });
  assert.match(page.text, /Пациентка поступила/);
  assert.equal(page.missingLanguage, undefined);
});

test("with READER=tesseract nobody checks the numbers: each is to be checked, and the page says so", async () => {
  const engine = start({ READER: "tesseract" });
  const page = await read(sample("form.png"), {}, engine);
  assert.equal(page.reader?.engine, "tesseract");
  assert.deepEqual(page.reader?.models, ["eng"]);
  assert.deepEqual(page.warnings, ["single_reader"]);
  const numbers = page.words.filter(hasDigit);
  assert.ok(numbers.length > 20);
  assert.equal(countUncertainNumbers(page.words), numbers.length);
  assert.deepEqual(engine.readerStatus, { engine: "tesseract", reason: "READER=tesseract" });
});

test("models that cannot be loaded leave the reading to Tesseract, and the reason is told", async () => {
  const models = join(folder, "models");
  cpSync(dirname(findModels(null).detector.path), models, { recursive: true });
  const { fast } = findModels(models);
  writeFileSync(fast.path, "no model");
  const engine = start({ MODELS_DIR: models });
  const page = await read(sample("form.png"), {}, engine);
  assert.equal(page.reader?.engine, "tesseract");
  assert.deepEqual(page.warnings, ["single_reader"]);
  assert.ok(page.words.length > 80);
  assert.equal(engine.readerStatus?.engine, "tesseract");
  assert.match(engine.readerStatus?.reason ?? "", /./);
});

test("the engine's memory does not grow with the pages that it reads", async () => {
  const engine = start({ ENGINE_MAX_PAGES: "1000" });
  const rss: number[] = [];
  const pids = new Set<number>();
  for (let document = 0; document < 30; document++) {
    await read(sample("fax.tif"), { quality: "fast" }, engine);
    rss.push(engine.figures?.rss ?? 0);
    for (const pid of engine.pids) pids.add(pid);
  }
  assert.equal(pids.size, 1);
  // What is left whenever garbage has been collected, which is done every ten pages.
  const [early, late] = [rss.slice(10, 20), rss.slice(20)].map((some) => Math.min(...some)) as [
    number,
    number,
  ];
  assert.ok(early > 0 && late < 1.1 * early, `${rss.map((bytes) => Math.round(bytes / 1e6)).join(" ")} MB`);
});
