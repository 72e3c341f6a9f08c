import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanFilename } from "./filename.ts";

test("a name stays as it is, whatever it is written in", () => {
  for (const name of [
    "Befund.pdf",
    "Müller 2026-01.tif",
    "検査.pdf",
    "a.b.c",
    "گزارش\u200cها.pdf",
    ".pdf",
    "👩‍⚕️.png",
  ])
    assert.equal(cleanFilename(name), name.normalize("NFC"));
});

test("a path is taken off, of whatever system", () => {
  for (const name of [
    "/etc/x.pdf",
    "..\\..\\x.pdf",
    "C:\\fakepath\\x.pdf",
    "../x.pdf",
    "a/b\\x.pdf",
    "x.pdf/",
    "a/x.pdf/..",
  ])
    assert.equal(cleanFilename(name), "x.pdf", name);
});

test("what has no name is a document", () => {
  for (const name of ["", "  ", "..", "/", "\\", "...", "\u202e", "\0", "../.."])
    assert.equal(cleanFilename(name), "document");
});

test("nothing unseen is left: control characters, direction overrides, line separators", () => {
  assert.equal(cleanFilename("a\u202Efdp.exe"), "afdp.exe");
  assert.equal(cleanFilename("a\r\nb\tc\u2028d\0.pdf"), "a b c d .pdf");
  assert.equal(cleanFilename("\uFEFFa\u2066b\u2069\u200E.pdf"), "ab.pdf");
});

test("what is composed of several characters is written as one, and half a character is none", () => {
  assert.equal(cleanFilename("u\u0308.pdf"), "\u00FC.pdf");
  assert.equal(cleanFilename("\uD83D.pdf"), "\uFFFD.pdf");
});

test("a name that is too long keeps its ending, and no half of a character", () => {
  const long = cleanFilename(`${"x".repeat(1_000)}.pdf`);
  assert.equal(long.length, 255);
  assert.ok(long.endsWith("x.pdf"));
  const astral = cleanFilename("😀".repeat(300));
  assert.equal([...astral].length, 255);
  assert.ok(astral.isWellFormed());
  assert.equal(cleanFilename("y".repeat(255)).length, 255);
});
