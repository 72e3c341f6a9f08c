import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { errorCodes, QuireError } from "./errors.ts";

test("an error carries its code, whether it may be tried again, and its cause", () => {
  const cause = new Error("inside");
  const error = new QuireError("page_timeout", "too slow", { cause });
  assert.equal(error.retryable, true);
  assert.equal(error.cause, cause);
  assert.equal(new QuireError("encrypted_pdf", "").retryable, false);
});

test("docs/errors.md has a row for every code and no other", () => {
  const documentation = readFileSync(new URL("../../../docs/errors.md", import.meta.url), "utf8");
  const documented = [...documentation.matchAll(/^\| `([a-z_]+)` +\|/gm)].map(([, code]) => code);
  assert.deepEqual(documented.toSorted(), Object.keys(errorCodes).toSorted());
});
