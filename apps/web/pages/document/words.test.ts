import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleWord } from "../testing/samples.ts";
import { copiedText } from "./copiedText.ts";
import { textSegments } from "./textSegments.ts";
import { wordAfterKey } from "./useWordKeys.ts";
import { placeWords } from "./wordLayout.ts";
import { wordMatcher } from "./wordMatcher.ts";

/** Every letter half as wide as the font is high. */
const measure = (text: string) => text.length / 2;
const page = { width: 1_000, height: 2_000, orientation: 0, skew: 0 } as const;

test("words of a level line share top and height, and each is stretched to the width of its box", () => {
  const [low, high] = placeWords(
    [
      sampleWord("an", { box: { x: 100, y: 110, width: 20, height: 12 } }),
      sampleWord("Apgar", { box: { x: 130, y: 104, width: 60, height: 24 } }),
    ],
    page,
    measure,
  );
  assert.equal(low?.topPercent, high?.topPercent);
  assert.equal(low?.topPercent, 5.2);
  assert.equal(low?.heightPercent, 1.2);
  assert.equal(low?.leftPercent, 10);
  // A line of 24 pixels has a font of 20; "an" would be 20 wide.
  assert.equal(low?.fontSizePercent, 2);
  assert.equal(low?.stretch, 1);
  assert.equal(high?.stretch, 1.2);
});

test("words of a line that slants keep their own middle", () => {
  const words = [0, 40, 80].map((y, index) =>
    sampleWord("slant", { box: { x: index * 300, y: 100 + y, width: 100, height: 20 } }),
  );
  const tops = placeWords(words, page, measure).map(({ topPercent }) => Math.round(topPercent));
  assert.deepEqual(tops, [5, 7, 9]);
});

test("words of a page on its side stand upright in its picture, which is turned", () => {
  const box = { x: 100, y: 1_700, width: 20, height: 200 };
  const [word] = placeWords([sampleWord("Apgar", { box })], { ...page, orientation: 90 }, measure);
  // Turned clockwise: what is 80 above the bottom of 2,000 is then 80 from the left.
  assert.equal(word?.leftPercent, 5);
  assert.equal(word?.topPercent, 10);
  assert.equal(word?.widthPercent, 10);
  assert.equal(word?.heightPercent, 2);
});

test("words of a page that is askew lie as they are printed", () => {
  // 100 by 20, turned by 10 degrees about (500, 1000): 101.95 by 37.06 around it.
  const box = { x: 500 - 101.95 / 2, y: 1_000 - 37.06 / 2, width: 101.95, height: 37.06 };
  const [word] = placeWords([sampleWord("Apgar", { box })], { ...page, skew: 10 }, measure);
  assert.equal(word?.angleDegrees, 10);
  assert.equal(Math.round((word?.widthPercent ?? 0) * 10), 100);
  assert.equal(Math.round((word?.heightPercent ?? 0) * 20), 20);
  // The corner where it begins: (500, 1000) less (50, 10) turned by 10 degrees.
  assert.equal(Math.round((word?.leftPercent ?? 0) * 10), 452);
  assert.equal(Math.round((word?.topPercent ?? 0) * 20), 981);
});

test("copied words have spaces, line breaks, and a free line between blocks", () => {
  const selected = [
    sampleWord("Dear"),
    sampleWord("Sir"),
    sampleWord("thank", { line: 1 }),
    sampleWord("Yours", { line: 0, block: 1 }),
  ].map((word) => ({ word, text: word.text }));
  assert.equal(copiedText(selected), "Dear Sir\nthank\n\nYours");
  assert.equal(copiedText([]), "");
});

test("the text is marked where words are uncertain or were searched for", () => {
  const words = [
    sampleWord("The"),
    sampleWord("liver", { uncertain: true, alternative: "river" }),
    sampleWord("was"),
    sampleWord("fine."),
  ];
  const text = "The liver was\nfine.";
  assert.deepEqual(textSegments(text, words, true, wordMatcher("fi")), [
    { text: "The ", isUncertain: false, isMatch: false },
    { text: "liver", isUncertain: true, isMatch: false, alternative: "river" },
    { text: " was\n", isUncertain: false, isMatch: false },
    { text: "fine.", isUncertain: false, isMatch: true },
  ]);
  // A word that the text does not have shifts no mark.
  const others = [sampleWord("xyz", { uncertain: true }), ...words];
  assert.equal(
    textSegments(text, others, true, null)
      .map((segment) => segment.text)
      .join(""),
    text,
  );
  assert.deepEqual(textSegments(text, words, false, null), [{ text, isUncertain: false, isMatch: false }]);
});

test("a word matches by its beginning, whatever its case, accents and punctuation", () => {
  const isMatch = wordMatcher('"gall bladder" or MÜLLER -not');
  assert.ok(isMatch);
  assert.deepEqual(
    ["Gallbladder,", "(bladder)", "Muller's", "Müller", "not", "or", "agall", "—"].map(isMatch),
    [true, true, true, true, false, false, false, false],
  );
  assert.equal(wordMatcher(" - "), null);
});

test("the arrow keys lead along a line, and to the nearest word of the next", () => {
  const at = (x: number, line: number) =>
    sampleWord("w", { line, box: { x, y: line * 30, width: 50, height: 20 } });
  const placed = placeWords([at(0, 0), at(100, 0), at(200, 0), at(0, 1), at(190, 1)], page, measure);
  assert.equal(wordAfterKey("ArrowRight", placed, 0), 1);
  assert.equal(wordAfterKey("ArrowRight", placed, 4), 4);
  assert.equal(wordAfterKey("ArrowDown", placed, 2), 4);
  assert.equal(wordAfterKey("ArrowUp", placed, 3), 0);
  assert.equal(wordAfterKey("ArrowUp", placed, 1), 1);
  assert.equal(wordAfterKey("End", placed, 0), 4);
  assert.equal(wordAfterKey("x", placed, 0), null);
});
