import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readKernelFile, readKernelNumber } from "./kernelFile.ts";

test("a number is a number, anything else is none", () => {
  const folder = mkdtempSync(join(tmpdir(), "quire-kernel-file-"));
  const path = join(folder, "file");
  try {
    const numbers: [string, number | null][] = [
      ["536870912\n", 536_870_912],
      ["-1\n", -1],
      ["max\n", null],
      ["50000 100000\n", null],
      ["", null],
    ];
    for (const [text, number] of numbers) {
      writeFileSync(path, text);
      assert.equal(readKernelNumber(path), number, text);
      assert.equal(readKernelFile(path), text.trim());
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  assert.equal(readKernelFile(path), null);
  assert.equal(readKernelNumber(path), null);
});
