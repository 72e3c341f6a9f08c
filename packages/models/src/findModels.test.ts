import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { checkModels, findModels } from "./findModels.ts";

function copyOfModels(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "quire-models-"));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(dirname(findModels(null).detector.path), folder, { recursive: true });
  return folder;
}

test("the models that come with Quire are what their manifest says", () => {
  assert.equal(checkModels(null).fast.name, "quire-tiny-rec-latin");
});

test("a folder of one's own is used", (t) => {
  const folder = copyOfModels(t);
  assert.equal(checkModels(folder).accurate.path, join(folder, "pp-ocrv6-small-rec-latin.onnx"));
});

test("a cut-off model is reported as damaged, with a remedy", (t) => {
  const folder = copyOfModels(t);
  truncateSync(join(folder, "quire-tiny-rec-latin.onnx"), 1_000_000);
  assert.throws(() => checkModels(folder), {
    code: "models_damaged",
    message: /quire-tiny-rec-latin\.onnx in MODELS_DIR is damaged.*READER=tesseract/,
  });
});

test("a changed charset is reported as damaged", (t) => {
  const folder = copyOfModels(t);
  writeFileSync(join(folder, "quire-tiny-rec-latin.charset.json"), '["", "a", " "]');
  assert.throws(() => checkModels(folder), { code: "models_damaged" });
});

test("a missing model is reported as missing, and so is a folder without a manifest", (t) => {
  const folder = copyOfModels(t);
  rmSync(join(folder, "pp-ocrv6-tiny-det.onnx"));
  assert.throws(() => checkModels(folder), { code: "models_missing", message: /pp-ocrv6-tiny-det\.onnx/ });
  rmSync(join(folder, "models.json"));
  assert.throws(() => findModels(folder), { code: "models_missing", message: /models\.json/ });
});

test("a manifest that names a file outside its folder is refused", (t) => {
  const folder = copyOfModels(t);
  const outside = { name: "x", file: "../x.onnx", sha256: "0".repeat(64) };
  writeFileSync(join(folder, "models.json"), JSON.stringify({ detector: outside }));
  assert.throws(() => findModels(folder), { code: "models_damaged" });
});
