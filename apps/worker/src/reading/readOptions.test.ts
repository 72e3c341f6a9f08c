import assert from "node:assert/strict";
import { test } from "node:test";
import { readOptions } from "./readOptions.ts";

test("a document that names no quality is read by OCR_QUALITY; options of earlier versions are left out", () => {
  const stored = { languages: ["auto"], textLayer: "auto", rotate: "auto", deskew: "auto" } as const;
  const read = { languages: ["auto"], textLayer: "auto", rotate: "auto", preview: true };
  assert.deepEqual(readOptions(stored, { quality: "fast" }), { ...read, quality: "fast" });
  assert.deepEqual(readOptions({ ...stored, quality: "best" }, { quality: "fast" }), {
    ...read,
    quality: "best",
  });
});
