import assert from "node:assert/strict";
import { test } from "node:test";
import { parseOptions } from "./options.ts";

test("everything is measured in every quality by default", () => {
  const { only, qualities, sets } = parseOptions([]);
  assert.deepEqual([only, qualities, sets.length], [null, ["fast", "balanced", "best"], 7]);
});

test("names are separated by commas, or the option is given again", () => {
  const { only, qualities, sets } = parseOptions([
    ...["--only", "accuracy,numbers", "--only", "cpu", "--quality", "fast,best", "--sets=clinical-tables"],
  ]);
  assert.deepEqual(only, ["accuracy", "numbers", "cpu"]);
  assert.deepEqual([qualities, sets], [["fast", "best"], ["clinical-tables"]]);
});

test("a name that is not known is refused", () => {
  assert.throws(() => parseOptions(["--only", "speed"]), /"speed" is not a part/);
});
