import assert from "node:assert/strict";
import { test } from "node:test";
import { scoreNumbers } from "./scoreNumbers.ts";

const words = (text: string, uncertain: readonly string[] = []) =>
  text.split(" ").map((word) => ({ text: word, confidence: 90, uncertain: uncertain.includes(word) }));

test("a number that lost its point or a digit is wrong, and its truth is lost", () => {
  const score = scoreNumbers("Potassium 3.7, sodium 140", words("Potassium 37, sodium 14"));
  assert.deepEqual(score.wrongUnmarked, ["37", "14"]);
  assert.deepEqual(score.lost, ["3.7", "140"]);
  assert.equal(score.nowhere, 1, "14 is part of 140");
});

test("a point that became a space is wrong", () => {
  const score = scoreNumbers("Potassium 3.7", words("Potassium 3 7"));
  assert.deepEqual(score.wrongUnmarked, ["3", "7"]);
  assert.deepEqual(score.lost, ["3.7"]);
});

test("a marked number is wrong but not unmarked, and counts as read", () => {
  const score = scoreNumbers("3.7 and 4.1", words("37 and 4.1", ["37", "4.1"]));
  assert.deepEqual([score.wrongUnmarked, score.wrongMarked, score.lost], [[], ["37"], ["3.7"]]);
  assert.deepEqual(
    [score.read, score.marked, score.wordsWithDigits, score.wordsWithDigitsMarked],
    [2, 2, 2, 2],
  );
});

test("spacing does not count: joined cells, and a number with a space in it", () => {
  const joined = scoreNumbers("4.1 3.5-5.0 mmol", words("4.13.5-5.0 mmol"));
  assert.deepEqual([joined.wrongUnmarked, joined.lost], [[], []]);
  const spaced = scoreNumbers("on 04/01/2026 at 10:30", words("on 04/01 /2026 at 10: 30"));
  assert.deepEqual([spaced.wrongUnmarked, spaced.lost], [[], []]);
});

test("tables may be read in another order", () => {
  const score = scoreNumbers("1.5 2.5\n3.5 4.5", words("1.5 3.5 2.5 4.5"));
  assert.deepEqual([score.wrongUnmarked, score.lost], [[], []]);
});

test("a number wrapped in a cell is right where other cells stand between its pieces", () => {
  const score = scoreNumbers("04/01/2026 05/02/2026", words("04/01 05/02 cell /2026 /2026"));
  assert.deepEqual([score.wrongUnmarked, score.lost], [[], []]);
  const wrong = scoreNumbers("04/01/2026", words("04/01 cell 2026"));
  assert.deepEqual([wrong.wrongUnmarked, wrong.lost], [["2026"], ["04/01/2026"]]);
});

test("a wrapped number is right where the truth's number was read whole elsewhere", () => {
  const score = scoreNumbers("04/01/2026 04/01/2026", words("04/01/2026 04/01 cell /2026"));
  assert.deepEqual([score.wrongUnmarked, score.lost], [[], []]);
});

test("of a wrapped number only the piece that was misread is wrong", () => {
  const score = scoreNumbers("04/01/2026", words("04/01 cell 12026"));
  assert.deepEqual([score.wrongUnmarked, score.lost], [["12026"], ["04/01/2026"]]);
});

test("compatibility forms are folded", () => {
  const score = scoreNumbers("10³ and ½", words("10³ and ½"));
  assert.deepEqual([score.read, score.wrongUnmarked, score.lost], [score.inTruth, [], []]);
  assert.deepEqual(scoreNumbers("12", words("１２")).wrongUnmarked, []);
});
