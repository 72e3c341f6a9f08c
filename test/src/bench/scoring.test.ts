import assert from "node:assert/strict";
import { test } from "node:test";
import { characterErrorRate, precision, recall, score, scoreText } from "./scoring.ts";

test("words count as often as truth and reading both have them, whatever their case and order", () => {
  const result = scoreText({ text: "Yes no\nYES x", oneReadingOrder: false }, "X yes  yes yes y");
  assert.equal(result.matchedWords, 3);
  assert.equal(recall(result), 3 / 4);
  assert.equal(precision(result), 3 / 5);
  assert.ok(Number.isNaN(characterErrorRate(result)));
});

test("runs of white space are one blank to the character error rate", () => {
  const result = scoreText({ text: "one two\n\nthree\n", oneReadingOrder: true }, "\fone  two thrce");
  assert.equal(characterErrorRate(result), 1 / "one two three".length);
});

test("a truth of several pages is compared with these pages only, and a lost page is missed", () => {
  const documents = [
    {
      path: "/somewhere/scan.pdf",
      truths: [
        { name: "one", pages: [1], text: "first", oneReadingOrder: false },
        { name: "two", pages: [2, 3], text: "second third", oneReadingOrder: false },
      ],
    },
  ];
  const pages = new Map([
    [1, "first"],
    [3, "third"],
  ]);
  const result = score(documents, new Map([["scan.pdf", pages]]));
  assert.deepEqual([result.matchedWords, result.truthWords, result.readWords], [2, 3, 2]);
});
