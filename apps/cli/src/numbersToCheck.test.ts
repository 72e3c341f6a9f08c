import assert from "node:assert/strict";
import { test } from "node:test";
import { numbersToCheck } from "./numbersToCheck.ts";

test("numbers to check are counted, and their pages named", () => {
  assert.equal(numbersToCheck(0, []), null);
  assert.equal(numbersToCheck(1, [4]), "1 number to check, on page 4");
  assert.equal(numbersToCheck(3, [2, 5]), "3 numbers to check, on pages 2 and 5");
  assert.equal(numbersToCheck(9, [1, 2, 5]), "9 numbers to check, on pages 1, 2 and 5");
  const many = Array.from({ length: 30 }, (_, index) => index + 1);
  assert.match(numbersToCheck(99, many) ?? "", /pages 1, 2, .*, 19, 20 and more$/);
});
