import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfig, QuireError } from "@quire/core";
import { type Check, failure, ok, warning } from "./check.ts";
import { DoctorContext } from "./context.ts";
import { lineOf, summaryOf } from "./report.ts";
import { runChecks } from "./runChecks.ts";

const context = new DoctorContext(loadConfig({}));
const check = (name: string, run: Check["run"], more: Partial<Check> = {}): Check => ({
  name,
  withinSeconds: 60,
  run,
  ...more,
});

test("a check that does not end is a failure, and the next ones are made", async () => {
  const results = await runChecks(
    [check("silent", () => new Promise(() => {}), { withinSeconds: 0 }), check("next", () => ok("fine"))],
    context,
  );
  assert.deepEqual(
    results.map(({ name, verdict }) => [name, verdict]),
    [
      ["silent", "failure"],
      ["next", "ok"],
    ],
  );
});

test("of what nobody foresaw only the kind is told", async () => {
  const url = "postgres://quire:planted-secret@db";
  const [result] = await runChecks(
    [check("broken", () => Promise.reject(Object.assign(new Error(url), { code: "EPLANTED" })))],
    context,
  );
  assert.equal(result?.message, "It failed (Error, EPLANTED).");
});

test("a refusal of our own is split into what is wrong and what to do", async () => {
  const refuse = () => {
    throw new QuireError("temp_dir_unavailable", "It cannot be written. Check TEMP_DIR.");
  };
  const [result] = await runChecks([check("folder", refuse)], context);
  assert.equal(result?.message, "temp_dir_unavailable: It cannot be written.");
  assert.equal(result?.remedy, "Check TEMP_DIR.");
});

test("what needs something that has failed is skipped, and so is what needs that", async () => {
  const results = await runChecks(
    [
      check("first", () => failure("no", "do")),
      check("second", () => ok("never"), { after: "first" }),
      check("third", () => ok("never"), { after: "second" }),
      check("fourth", () => warning("well", "do")),
      check("fifth", () => ok("yes"), { after: "fourth" }),
    ],
    context,
  );
  const verdicts = results.map(({ verdict }) => verdict);
  assert.deepEqual(verdicts, ["failure", "skipped", "skipped", "warning", "ok"]);
  assert.equal(summaryOf(results), "1 ok, 1 warning, 1 failure, 2 skipped\n");
  assert.match(lineOf(results[0] as (typeof results)[0]), /^failure +first +no\n +-> do\n$/);
});
