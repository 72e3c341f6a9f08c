import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadConfig } from "@quire/core";
import { Engine } from "../client/engine.ts";
import type { ReadOptions } from "../protocol.ts";
import { findModel } from "../recognise/models.ts";

/** A page has all the time it needs, on the busiest machine. */
const config = loadConfig({ OCR_THREADS: "1", PAGE_TIMEOUT_SECONDS: "600" });
const folder = mkdtempSync(join(tmpdir(), "quire-languages-"));
after(() => rmSync(folder, { recursive: true }));
const automatic: ReadOptions = {
  languages: ["auto"],
  textLayer: "auto",
  rotate: "auto",
  quality: "balanced",
  preview: false,
};

/** The engine where only these models are installed; `as`: the English one under these names. */
function engineWith(languages: readonly string[], as: readonly string[] = []): Engine {
  const models = join(folder, [...languages, ...as].join("+"));
  mkdirSync(models, { recursive: true });
  const install = (language: string, name: string) =>
    copyFileSync(findModel(language, null), join(models, `${name}.traineddata.gz`));
  for (const language of languages) install(language, language);
  for (const name of as) install("eng", name);
  return new Engine({ ...config, tessdataDir: models });
}

async function languagesOf(engine: Engine, sample: string, pageNumbers?: number[]): Promise<string[]> {
  const path = fileURLToPath(new URL(`../../../../samples/${sample}`, import.meta.url));
  const document = await engine.openDocument(path, automatic);
  try {
    const found: string[] = [];
    for await (const page of document.pages({ pageNumbers })) found.push(page.languages.join("+"));
    return found;
  } finally {
    document.close();
  }
}

test("a document is read in the languages that suit it, whichever of its pages comes first", async (t) => {
  // Those of the npm packages, which the engine itself may not look for.
  const engine = new Engine(config);
  t.after(() => engine.close());
  const mixed = "languages/letters.tif";
  const [chosen] = await languagesOf(engine, mixed, [1]);
  assert.match(chosen ?? "", /^[a-z]{3}/);
  assert.deepEqual(await languagesOf(engine, mixed, [2]), [chosen]);
  // Its text is taken as it is.
  assert.deepEqual(await languagesOf(engine, "letter.pdf", [1]), [""]);
});

test("of more models than can be tried, those of the script that is seen are", async (t) => {
  const engine = engineWith(["eng", "fra"], ["ara", "bel", "ben", "bul", "ell", "guj"]);
  t.after(() => engine.close());
  assert.deepEqual(await languagesOf(engine, "languages/french.tif"), ["fra"]);
});

test("with one language there is nothing to choose, with none the document is refused", async (t) => {
  const engine = engineWith(["fra"]);
  t.after(() => engine.close());
  assert.deepEqual(await languagesOf(engine, "languages/letters.tif", [1]), ["fra"]);
  const without = engineWith([]);
  t.after(() => without.close());
  await assert.rejects(languagesOf(without, "fax.tif"), { code: "language_missing" });
});
