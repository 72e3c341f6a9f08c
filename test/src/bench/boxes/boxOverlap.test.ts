import assert from "node:assert/strict";
import { test } from "node:test";
import { overlap, quantile, wordOverlaps } from "./boxOverlap.ts";

const at = (text: string, x: number, width = 10) => ({ text, box: { x, y: 0, width, height: 10 } });
const sameText = { sameText: true };

test("intersection over union", () => {
  assert.equal(overlap(at("", 0).box, at("", 0).box), 1);
  assert.equal(overlap(at("", 0).box, at("", 5).box), 1 / 3);
  assert.equal(overlap(at("", 0).box, at("", 10).box), 0);
});

test("of equal words each has the one in its place", () => {
  assert.deepEqual(wordOverlaps([at("5", 0), at("5", 100)], [at("5", 100), at("5", 0)], sameText), [1, 1]);
});

test("a word that is split, joined or misread has nothing, and a misread one its place", () => {
  const truth = [at("one", 0), at("two", 20)];
  assert.deepEqual(wordOverlaps(truth, [at("onetwo", 0, 30)], sameText), [0, 0]);
  assert.deepEqual(wordOverlaps(truth, [at("on", 0, 5), at("e", 5, 5), at("Two", 20)], sameText), [0, 1]);
  assert.deepEqual(wordOverlaps(truth, [at("0ne", 0)], sameText), [0, 0]);
  assert.deepEqual(wordOverlaps(truth, [at("0ne", 0)], { sameText: false }), [1, 0]);
});

test("quantiles", () => {
  assert.equal(quantile([4, 1, 3, 2], 0.5), 2);
  assert.equal(quantile([4, 1, 3, 2], 0.1), 1);
  assert.ok(Number.isNaN(quantile([], 0.5)));
});
