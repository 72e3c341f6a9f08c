import assert from "node:assert/strict";
import { test } from "node:test";
import type { Word } from "@quire/core";
import type { TextLayer } from "../formats/openedDocument.ts";
import { OwnText } from "./ownText.ts";

const page = { width: 1700, height: 2200, dpi: 200 };

function word(x: number, y: number): Word {
  return {
    text: "word",
    confidence: 90,
    uncertain: false,
    box: { x, y, width: 100, height: 30 },
    line: 0,
    block: 0,
  };
}

function layer(...boxes: readonly [x: number, y: number, width: number, height: number][]): TextLayer {
  const words = boxes.map(([x, y, width, height]) => ({
    ...{ text: "own", box: { x, y, width, height } },
    ...{ line: 0, block: 0, paragraph: 0 },
  }));
  return { words, unmappedShare: 0, hiddenShare: 0, imageShare: 1, hasDrawing: false };
}

test("a word is marked where the page has one of its own, and nowhere else", () => {
  // In points: 36 to 72 across and 72 to 83 down, in pixels 100 to 200 and 200 to 230.
  const own = new OwnText(page, layer([36, 72, 36, 10.8]));
  const marks = own.mark([word(100, 200), word(110, 205), word(100, 300), word(300, 200)]);
  assert.deepEqual(
    marks.map(({ inTextLayer }) => inTextLayer),
    [true, true, undefined, undefined],
  );
});

test("text beside the page, or nowhere, does no harm", () => {
  const own = new OwnText(page, layer([-500, -500, 10, 10], [9e9, 9e9, 9e9, 9e9], [Number.NaN, 0, 5, 5]));
  assert.equal(own.mark([word(800, 1000)])[0]?.inTextLayer, undefined);
});
