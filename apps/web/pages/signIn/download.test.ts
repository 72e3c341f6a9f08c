import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "content-disposition";
import { nameIn } from "./download.ts";

test("a file is saved under the name that the server gives", () => {
  const names = [
    "scan.pdf",
    "two words.txt",
    'with "quotes".json',
    "Entlaßbrief – März.pdf",
    "100 %.tif",
    "a;b.png",
  ];
  for (const name of names) assert.equal(nameIn(create(name)), name);
  assert.equal(nameIn("attachment"), "document");
});
