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
