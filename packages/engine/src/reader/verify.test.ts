import assert from "node:assert/strict";
import { test } from "node:test";
import { type FakeReading, fakeRecogniser, paintedLine } from "../testing/fakeNetworks.ts";
import { checkOf } from "./confidence.ts";
import { findLineInk } from "./ink.ts";
import { recognise } from "./recognise.ts";
import { type NeedsSecondReading, textOf, verify } from "./verify.ts";
import { splitWords } from "./words.ts";

const hasDigit: NeedsSecondReading = ({ characters }) => /\d/.test(textOf(characters));

/** Reads a line twice. @returns each word: what was taken, what the other recogniser read, and how far they agree */
async function read(text: string, first: FakeReading, second: FakeReading, needs = hasDigit) {
  const image = paintedLine(text);
  const ink = findLineInk(image);
  const once = await recognise(image, ink, fakeRecogniser(first));
  const accurate = fakeRecogniser(second);
  const reading = await verify(image, ink, once, accurate, needs);
  const words = splitWords(reading, ink).map(({ characters }) => ({
    text: textOf(characters),
    other: characters.map((each) => each.second?.text ?? "?").join(""),
    check: checkOf(characters),
  }));
  return { words, widths: accurate.widths, image, once, reading };
}

test("readings that agree are one, and say so", async () => {
  const { words } = await read("13.4", {}, {});
  assert.deepEqual(words, [{ text: "13.4", other: "13.4", check: "agreed" }]);
});

test("where they disagree on a number the surer reading is taken and the other kept", async () => {
  const surer = await read("13.4", { probability: 0.99 }, { instead: { 3: "8" }, probability: 0.9 });
  assert.deepEqual(surer.words, [{ text: "13.4", other: "18.4", check: "disagreed" }]);
  const lessSure = await read("13.4", { probability: 0.9 }, { instead: { 3: "8" }, probability: 0.99 });
  assert.deepEqual(lessSure.words, [{ text: "18.4", other: "13.4", check: "disagreed" }]);
});

test("a decimal point that one of them does not see is a disagreement, whichever is surer", async () => {
  const blind = { instead: { ".": "" } };
  const lost = await read("3.7", { probability: 0.99 }, { ...blind, probability: 0.9 });
  assert.deepEqual(lost.words, [{ text: "3.7", other: "37", check: "disagreed" }]);
  const found = await read("3.7", { ...blind, probability: 0.9 }, { probability: 0.99 });
  assert.deepEqual(found.words, [{ text: "3.7", other: "37", check: "disagreed" }]);
  const kept = await read("3.7", { ...blind, probability: 0.99 }, { probability: 0.9 });
  assert.deepEqual(kept.words, [{ text: "37", other: "3.7", check: "disagreed" }]);
});

test("only the words that need it are read again, and the others stay as they were", async () => {
  const { words, widths, image } = await read("ab 12 ba", {}, { instead: { a: "b", 1: "7" } });
  assert.deepEqual(
    words.map(({ text, check }) => [text, check]),
    [
      ["ab", "once"],
      ["12", "disagreed"],
      ["ba", "once"],
    ],
  );
  assert.equal(words[1]?.other, "72");
  assert.ok(widths.length === 1 && (widths[0] as number) < image.width / 2);
});

test("neighbouring numbers are read together, those far apart each by itself", async () => {
  const near = await read("12 34", {}, {});
  assert.equal(near.widths.length, 1);
  const far = await read("12 ababab 34", {}, {});
  assert.equal(far.widths.length, 2);
  assert.deepEqual(
    far.words.map(({ text, check }) => [text, check]),
    [
      ["12", "agreed"],
      ["ababab", "once"],
      ["34", "agreed"],
    ],
  );
});

test("where nothing needs it the second recogniser is not asked", async () => {
  const { once, reading, widths } = await read("ab", {}, {});
  assert.equal(reading, once);
  assert.deepEqual(widths, []);
});

test("a second recogniser that reads nothing leaves the first reading, unconfirmed", async () => {
  const { words } = await read("12", {}, { instead: { 1: "", 2: "" } });
  assert.deepEqual(words, [{ text: "12", other: "", check: "disagreed" }]);
});
