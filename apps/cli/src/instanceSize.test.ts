import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMemory, parseProcessors } from "./instanceSize.ts";

const mebibyte = 1024 * 1024;

test("memory is in MB unless it says otherwise", () => {
  for (const [text, megabytes] of [
    ["512", 512],
    ["512MB", 512],
    ["512 mib", 512],
    ["2GB", 2048],
    ["1.5g", 1536],
    ["64", 64],
  ] as const)
    assert.equal(parseMemory(text), megabytes * mebibyte, text);
});

test("what is no amount of memory is refused", () => {
  for (const text of ["", "much", "63", "0.5", "-512", "512KB", "2TB", "1e9", "Infinity"])
    assert.throws(() => parseMemory(text), /such as 512 or 2GB/, text);
});

test("processors may be fractions, not none", () => {
  for (const [text, processors] of [
    ["0.5", 0.5],
    [".5", 0.5],
    ["2", 2],
  ] as const)
    assert.equal(parseProcessors(text), processors);
  for (const text of ["", "0", "-1", "half", "0x2", "1e3"])
    assert.throws(() => parseProcessors(text), /0\.5/, text);
});
