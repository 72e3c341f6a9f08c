import assert from "node:assert/strict";
import { test } from "node:test";
import { CharacterCodes } from "./characterCodes.ts";
import { toUnicodeMap } from "./toUnicode.ts";

const asText = (codes: number[]) => String.fromCharCode(...codes);

test("a character's code is its number; what cannot be seen becomes a blank", () => {
  const codes = new CharacterCodes();
  assert.equal(asText(codes.encode("Grüße, 漢字\t\u0000")), "Grüße, 漢字  ");
  assert.deepEqual(codes.supplementary(), []);
});

test("a character above U+FFFF has one code of its own, which the character map explains", () => {
  const codes = new CharacterCodes();
  const [face, other, again] = codes.encode("\u{1F600}\u{20000}\u{1F600}");
  assert.equal(face, again);
  assert.notEqual(face, other);
  const map = toUnicodeMap(codes);
  assert.match(map, /^2 beginbfchar\n<D800> <D83DDE00>\n<D801> <D840DC00>\nendbfchar$/m);
  assert.match(map, /^<2000> <20FF> <2000>$/m);
  assert.doesNotMatch(map, /^<D800> <D8FF>/m);
});

test("half a surrogate pair, and a character too many, become the replacement character", () => {
  const codes = new CharacterCodes();
  assert.equal(asText(codes.encode("a\ud800")), "a\ufffd");
  for (let character = 0; character < 2048; character++)
    codes.encode(String.fromCodePoint(0x20000 + character));
  assert.equal(asText(codes.encode("\u{30000}")), "\ufffd");
  assert.equal(codes.supplementary().length, 2048);
});
