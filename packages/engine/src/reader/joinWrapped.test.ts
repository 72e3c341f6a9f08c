import assert from "node:assert/strict";
import { test } from "node:test";
import { joinWrapped, type LineOfWords } from "./joinWrapped.ts";

type Line = LineOfWords<{ readonly text: string }>;

function line(text: string, left: number, top: number): Line {
  const words = text.split(" ").map((each) => ({ text: each }));
  return { words, left, right: left + text.length * 10, top, bottom: top + 20 };
}

function joined(lines: readonly Line[]): string[] {
  const join = (first: { text: string }, second: { text: string }) => ({ text: first.text + second.text });
  return joinWrapped(lines, join).map(({ words }) => words.map(({ text }) => text).join(" "));
}

test("what a narrow cell wraps at a slash is one word, in its first line", () => {
  assert.deepEqual(joined([line("/2026", 100, 24), line("04/01", 100, 0)]), ["04/01/2026"]);
  assert.deepEqual(joined([line("mg/", 100, 0), line("dL", 110, 22)]), ["mg/dL"]);
});

test("it goes on as long as there are slashes", () => {
  assert.deepEqual(joined([line("mL/", 100, 0), line("min/", 98, 22), line("1.73", 98, 44)]), [
    "mL/min/1.73",
  ]);
});

test("only the word at the slash is joined: what follows it in its line stays there", () => {
  assert.deepEqual(joined([line("on 04/01", 100, 0), line("/2026 noon", 100, 22)]), [
    "on 04/01/2026",
    "noon",
  ]);
});

test("lines apart, of other cells, or long ones are not joined", () => {
  const apart = [line("mg/", 100, 0), line("dL", 100, 60)];
  const otherCell = [line("mg/", 100, 0), line("dL", 300, 22)];
  const beside = [line("mg/", 100, 0), line("dL", 140, 0)];
  const long = [line("see the other side and/", 100, 0), line("or ask for the rest", 100, 22)];
  const noSlash = [line("mg", 100, 0), line("dL", 100, 22)];
  for (const lines of [apart, otherCell, beside, long, noSlash]) assert.equal(joined(lines).length, 2);
});
