import assert from "node:assert/strict";
import { test } from "node:test";
import { alignCharacters } from "./alignCharacters.ts";
import type { Character } from "./recognise.ts";
import { textOf } from "./verify.ts";

/** Characters 20 columns apart; a blank is a place without one. */
function read(text: string, from = 0): Character[] {
  return [...text].flatMap((each, index) =>
    each === " " ? [] : [{ text: each, probability: 0.9, column: from + index * 20 }],
  );
}

/** What the second reading has for each word of the first: words and reading as they stand in their line. */
function aligned(line: string, again: string): string[] {
  let from = 0;
  const words = line.split("_").map((word) => {
    const characters = read(word, from);
    from += (word.length + 1) * 20;
    return characters;
  });
  const parts = alignCharacters(words, read(again.replaceAll("_", " ")));
  assert.deepEqual(
    parts.map(({ first }) => first),
    words,
  );
  for (const { first, second, pairs } of parts) {
    assert.deepEqual(
      pairs.flatMap(([one]) => one ?? []),
      first,
    );
    assert.deepEqual(
      pairs.flatMap(([, other]) => other ?? []),
      second,
    );
  }
  return parts.map(({ second }) => textOf(second));
}

/** The pairs of a word, such as "1:1 3:8 .:": the first reading's character, a colon, the second's. */
function pairsOf(first: string, again: string): string {
  const [word] = alignCharacters([read(first)], read(again));
  return (word?.pairs ?? []).map(([one, other]) => `${one?.text ?? ""}:${other?.text ?? ""}`).join(" ");
}

test("equal readings are paired character by character", () => {
  assert.equal(pairsOf("13.4", "13.4"), "1:1 3:3 .:. 4:4");
});

test("a character read differently, lost, or found is paired at its place", () => {
  assert.equal(pairsOf("13.4", "18.4"), "1:1 3:8 .:. 4:4");
  assert.equal(pairsOf("13.4", "13 4"), "1:1 3:3 .: 4:4");
  assert.equal(pairsOf("13 4", "13.4"), "1:1 3:3 :. 4:4");
  assert.equal(pairsOf("", "1"), ":1");
  assert.equal(pairsOf("1", ""), "1:");
});

test("of two equal characters the nearer one is taken", () => {
  assert.equal(pairsOf("11", "1 "), "1:1 1:");
  assert.equal(pairsOf("11", " 1"), "1: 1:1");
});

test("each word gets its own part of the other reading", () => {
  assert.deepEqual(aligned("12_345_6", "12_345_6"), ["12", "345", "6"]);
  assert.deepEqual(aligned("12_345_6", "72_3 5_6"), ["72", "35", "6"]);
  assert.deepEqual(aligned("12_345", "12_   "), ["12", ""]);
});

test("what only the other reading has between two words goes to the nearer one; at the ends, to the outer ones", () => {
  const words = [read("12"), read("34", 140)];
  const between = (column: number) => {
    const parts = alignCharacters(words, [
      ...read("12"),
      { text: ".", probability: 0.9, column },
      ...read("34", 140),
    ]);
    return parts.map(({ second }) => textOf(second));
  };
  assert.deepEqual(between(40), ["12.", "34"]);
  assert.deepEqual(between(120), ["12", ".34"]);
  const ends = alignCharacters([read("2", 20)], [...read("1"), ...read("23", 20)]);
  assert.deepEqual(
    ends.map(({ second }) => textOf(second)),
    ["123"],
  );
});
