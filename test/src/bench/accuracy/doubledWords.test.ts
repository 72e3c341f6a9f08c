import assert from "node:assert/strict";
import { test } from "node:test";
import { doubledWords } from "./doubledWords.ts";

test("words count as doubled that the truth has, but less often", () => {
  assert.equal(doubledWords("One two two", "one two two"), 0);
  assert.equal(doubledWords("One two two", "ONE one two two two two three three"), 3);
  assert.equal(doubledWords("", ""), 0);
});
