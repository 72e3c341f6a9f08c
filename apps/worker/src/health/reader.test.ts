import assert from "node:assert/strict";
import { test } from "node:test";
import { reportReader } from "./reader.ts";

test("which recogniser reads is told in words, and whether it is the one that was configured", () => {
  const [auto, tesseract] = [{ reader: "auto" }, { reader: "tesseract" }] as const;
  assert.deepEqual(reportReader(null, auto), {
    line: "not known until the engine has started",
    isFallback: false,
  });
  assert.match(reportReader({ engine: "pp-ocr", reason: null }, auto).line, /^PP-OCR/);
  const alone = { engine: "tesseract", reason: null } as const;
  assert.deepEqual(reportReader(alone, tesseract), {
    line: "Tesseract alone: numbers are not checked by a second recogniser (READER=tesseract)",
    isFallback: false,
  });
  const reason = "onnxruntime has no binary for this machine";
  const fallback = reportReader({ ...alone, reason }, auto);
  assert.ok(fallback.isFallback && fallback.line.endsWith(`(${reason})`));
});
