import assert from "node:assert/strict";
import { test } from "node:test";
import { failedPage, type PageWarning } from "@quire/core";
import { Tally } from "./tally.ts";

test("pages that read badly are counted, and what to do about them is said", () => {
  const tally = new Tally();
  const warnings: PageWarning[][] = [
    ["low_confidence", "low_resolution"],
    ["low_confidence"],
    ["downscaled"],
  ];
  for (const [index, said] of warnings.entries()) {
    const page = failedPage(index + 1, { code: "page_unreadable", message: "" });
    tally.add({ ...page, outcome: "recognized", error: null, warnings: said });
  }
  assert.match(tally.summary(), /^3 pages \(3 recognised\) in /);
  const [confidence, resolution, ...more] = tally.advice();
  assert.match(confidence ?? "", /^2 pages low_confidence: .*300 dpi, flat and in good light/);
  assert.match(resolution ?? "", /^1 page low_resolution: .*300 dpi/);
  assert.deepEqual(more, []);
});

test("numbers to check and missing scripts are told at the end, once for all pages", () => {
  const tally = new Tally();
  const box = { x: 0, y: 0, width: 1, height: 1 };
  const word = { text: "31", confidence: 50, uncertain: true, box, line: 0, block: 0 };
  const read = { outcome: "recognized", error: null } as const;
  const failed = (pageNumber: number) => failedPage(pageNumber, { code: "page_unreadable", message: "" });
  tally.add({ ...failed(5), ...read, words: [word, { ...word, text: "mg" }], warnings: ["single_reader"] });
  tally.add({ ...failed(2), ...read, words: [word, word] });
  for (const pageNumber of [7, 8])
    tally.add({ ...failed(pageNumber), ...read, warnings: ["script_not_covered"], missingLanguage: "rus" });
  const [, single, script, toCheck, ...more] = tally.report();
  assert.match(single ?? "", /^1 page single_reader: .*Compare them with the original\.$/);
  assert.match(script ?? "", /^2 pages script_not_covered: .*npm install @tesseract\.js-data\/rus$/);
  assert.equal(toCheck, "3 numbers to check, on pages 2 and 5");
  assert.deepEqual(more, []);
});
