import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { explain, explainInLine } from "./errors.ts";

/** The sections of docs/errors.md that are about a document or its pages: people see these. */
const documentSections = [
  "The document is refused",
  "No PDF can be made of it",
  "One page failed",
  "The whole document went wrong",
];

test("every code that a document or a page can carry has words and a remedy of its own", () => {
  const docs = readFileSync(new URL("../../../../../docs/errors.md", import.meta.url), "utf8");
  const sections = docs
    .split(/^## /m)
    .filter((section) => documentSections.some((name) => section.startsWith(name)));
  assert.equal(sections.length, documentSections.length);
  const codes = sections.flatMap((section) =>
    [...section.matchAll(/^\| `(\w+)`/gm)].map(([, code]) => code as string),
  );
  assert.ok(codes.length > 15);
  for (const code of codes) {
    const { what, remedy } = explain({ code, message: "from the server" });
    assert.notEqual(what, "from the server", code);
    assert.notEqual(remedy, "", code);
  }
});

test("a code without words of its own is told in the server's", () => {
  assert.equal(explainInLine({ code: "toString", message: "Wait a moment." }), "Wait a moment.");
});
