import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { heapFigures } from "./heap.ts";

const mebibyte = 1024 * 1024;

test("what a buffer holds is outside the heap", () => {
  const before = heapFigures();
  const held = Buffer.alloc(64 * mebibyte);
  const after = heapFigures();
  assert.ok(after.arrayBuffers - before.arrayBuffers >= held.length);
  assert.ok(after.external - before.external >= held.length);
  assert.ok(after.heapUsed - before.heapUsed < held.length / 4);
  assert.ok(after.heapUsed <= after.heapTotal && after.heapTotal < after.heapLimit);
});

test("the limit is the one that node was given", () => {
  const limitOf = (megabytes: number) => {
    const script = `import("${import.meta.resolve("./heap.js")}").then((m) => console.log(m.heapFigures().heapLimit))`;
    return Number(execFileSync(process.execPath, [`--max-old-space-size=${megabytes}`, "-e", script]));
  };
  // V8 adds the young generation, which is the same for both.
  assert.equal(limitOf(200) - limitOf(100), 100 * mebibyte);
});
