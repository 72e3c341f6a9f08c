import assert from "node:assert/strict";
import { test } from "node:test";
import { unifySymbols } from "./symbols.ts";

test("signs are written as documents have them", () => {
  assert.equal(unifySymbols("□"), "☐");
  assert.equal(unifySymbols("37.2℃"), "37.2°C");
  assert.equal(unifySymbols("99℉"), "99°F");
});

test("a mu is the micro sign before a unit, and a letter elsewhere", () => {
  assert.equal(unifySymbols("\u03bcg/l"), "\u00b5g/l");
  assert.equal(unifySymbols("10³/\u03bcl"), "10³/\u00b5l");
  assert.equal(unifySymbols("\u03bc"), "\u03bc");
  assert.equal(unifySymbols("\u03bc-receptor"), "\u03bc-receptor");
  assert.equal(unifySymbols("\u03b1\u03bcL"), "\u03b1\u03bcL");
});

test("no letter or digit becomes another", () => {
  for (const text of ["O0Il1", "5S8B", "α", "☒"]) assert.equal(unifySymbols(text), text);
});
