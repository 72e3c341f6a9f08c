import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { findModel, listModels } from "./models.ts";

test("the languages of the npm packages are listed, and each is found", () => {
  const languages = listModels(null);
  assert.ok(languages.includes("eng") && languages.includes("fra"));
  assert.deepEqual(languages, languages.toSorted());
  for (const language of languages)
    assert.ok(findModel(language, null).endsWith(`${language}.traineddata.gz`));
});

test("of a folder only the models are listed, each once", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "quire-models-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const files = [
    "deu.traineddata",
    "chi_sim.traineddata.gz",
    "deu.traineddata.gz",
    "readme.txt",
    "x.traineddata",
  ];
  for (const name of files) writeFileSync(join(folder, name), "");
  mkdirSync(join(folder, "eng"));
  assert.deepEqual(listModels(folder), ["chi_sim", "deu"]);
  assert.deepEqual(listModels(join(folder, "nowhere")), []);
});
