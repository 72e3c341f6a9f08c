import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { checkFile } from "./checkFile.ts";

const settings = {
  version: "0.1.0",
  maxFileBytes: 1_000_000,
  maxPages: 200,
  extensions: ["pdf", "tif", "tiff", "jpg", "jpeg", "png", "webp", "bmp", "gif"],
  languages: ["eng"],
  quality: "balanced" as const,
  signIn: null,
};
const sample = (name: string) => readFileSync(new URL(`../../../../../samples/${name}`, import.meta.url));
const refusalOf = async (name: string, content: Uint8Array<ArrayBuffer> | string) =>
  (await checkFile(new File([content], name), settings))?.words ?? null;

test("documents pass by their content, whichever of our endings they have", async () => {
  for (const name of ["scan.pdf", "fax.tif", "form.png", "photo.jpg"]) {
    assert.equal(await refusalOf(name, sample(name)), null, name);
  }
  assert.equal(await refusalOf("really-a-png.JPG", sample("form.png")), null);
  assert.equal(await refusalOf("without an ending", sample("scan.pdf")), null);
});

test("others are refused before anything is sent, with what to do", async () => {
  assert.match((await refusalOf("virus.pdf", "MZ\x90 this is a program")) ?? "", /program/);
  assert.match((await refusalOf("letter.docx", "PK\x03\x04 word/document.xml")) ?? "", /Save it as a PDF/);
  assert.match((await refusalOf("IMG_1.heic", "\0\0\0\x18ftypheic....")) ?? "", /JPEG/);
  assert.match((await refusalOf("renamed.pdf", "no such thing")) ?? "", /ends in .pdf, but/);
  assert.match((await refusalOf("notes.txt", "no such thing")) ?? "", /not supported/);
  assert.match((await refusalOf("scan.txt", sample("scan.pdf"))) ?? "", /Rename it/);
  assert.match((await refusalOf("empty.pdf", "")) ?? "", /empty/);
});

test("a file over the limit is refused with both figures", async () => {
  const content = new Uint8Array(settings.maxFileBytes + 100_000);
  content.set(sample("scan.pdf").subarray(0, 1_000));
  assert.match((await refusalOf("large.pdf", content)) ?? "", /1\.1.MB; the limit is 1.MB/);
});
