import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { findModels } from "@quire/models";
import { loadNetworks } from "./sessions.ts";

const models = findModels(null);

test("the recognisers have a class for each text of their charsets, the blank first and the space last", async () => {
  const { detector, fast, accurate } = await loadNetworks(models);
  for (const { charset, run } of [fast, accurate]) {
    const { data, shape } = await run(new Float32Array(3 * 48 * 64), [1, 3, 48, 64]);
    assert.deepEqual(shape, [1, 8, charset.length]);
    assert.equal(data.length, 8 * charset.length);
    assert.deepEqual([charset[0], charset.at(-1)], ["", " "]);
  }
  const { shape } = await detector.run(new Float32Array(3 * 64 * 96), [1, 3, 64, 96]);
  assert.deepEqual(shape, [1, 1, 64, 96]);
});

test("a model that is not valid, or not there, is an error", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "quire-networks-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "model.onnx");
  await assert.rejects(loadNetworks({ ...models, fast: { ...models.fast, path } }));
  writeFileSync(path, "no model");
  await assert.rejects(loadNetworks({ ...models, fast: { ...models.fast, path } }));
});
