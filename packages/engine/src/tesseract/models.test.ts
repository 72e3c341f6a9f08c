import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { findModel, listModels, readModel } from "./models.ts";

test("English and the languages of the npm packages are listed, and each is found", () => {
  const languages = listModels(null);
  assert.ok(languages.includes("eng") && languages.includes("fra"));
  assert.deepEqual(languages, languages.toSorted());
  for (const language of languages) assert.ok(existsSync(findModel(language, null)));
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

test("the English model is the one that its README names", () => {
  const path = findModel("eng", null);
  const readme = readFileSync(join(dirname(path), "README.md"), "utf8");
  assert.match(readme, new RegExp(createHash("sha256").update(readModel(path)).digest("hex")));
});
