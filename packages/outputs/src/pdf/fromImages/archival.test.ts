import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { inflateSync } from "node:zlib";
import { failedPage, type PageResult } from "@quire/core";
import { sharp } from "@quire/engine/images";
import { pdfiumPages } from "../../testing/pdfiumPages.ts";
import { missing, tell } from "../../testing/poppler.ts";
import { writeImages } from "../../testing/writeImages.ts";
import { srgbProfile } from "./colour/srgbProfile.ts";

/** What ISO 19005-2 (PDF/A-2) asks for at level B, as far as it can be seen here. */

const samples = fileURLToPath(new URL("../../../../../samples/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "quire-archival-"));
after(() => rmSync(folder, { recursive: true }));

const title = "A & B <2>.tif";

function keep(name: string, bytes: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

function readPage(pageNumber: number): PageResult {
  const empty = failedPage(pageNumber, { code: "page_unreadable", message: "" });
  const box = { x: 100, y: 100, width: 300, height: 40 };
  const words = [{ text: "Größe", confidence: 90, uncertain: false, box, line: 0, block: 0 }];
  return { ...empty, outcome: "recognized", error: null, words, width: 1600, height: 2300, dpi: 200 };
}

async function archival(path: string): Promise<{ bytes: Buffer; text: string }> {
  const bytes = await writeImages(path, [readPage(1)], { archival: true, name: title });
  return { bytes, text: bytes.toString("latin1") };
}

/** The body of an object. */
function object(text: string, number: string | undefined): string {
  const start = text.indexOf(`\n${number} 0 obj\n`);
  assert.ok(start > 0, `object ${number}`);
  return text.slice(start, text.indexOf("\nendobj", start));
}

/** The number that a key refers to. */
function reference(text: string, key: string): string | undefined {
  return new RegExp(`/${key} (\\d+) 0 R`).exec(text)?.[1];
}

function streamOf(text: string, number: string | undefined): Buffer {
  const body = object(text, number);
  return Buffer.from(body.slice(body.indexOf("stream\n") + 7, body.lastIndexOf("\nendstream")), "latin1");
}

test("the file's structure is as the standard has it (6.1)", async () => {
  const { text } = await archival(join(samples, "report.tif"));
  assert.match(text, /^%PDF-1\.7\n%[\x80-\xff]{4}\n/);
  const trailer = text.slice(text.lastIndexOf("trailer"));
  assert.match(trailer, /\/ID \[<[0-9a-f]{32}> <[0-9a-f]{32}>\]/);
  assert.doesNotMatch(trailer, /\/Encrypt/);
  assert.ok(text.endsWith("%%EOF\n"));
  // Every place in the cross-reference table is where the object begins.
  const table = text.slice(text.lastIndexOf("\nxref\n") + 1);
  for (const [index, [, offset]] of [...table.matchAll(/^(\d{10}) 00000 n $/gm)].entries()) {
    assert.ok(text.startsWith(`${index + 1} 0 obj\n`, Number(offset)), `object ${index + 1}`);
  }
  for (const forbidden of ["/LZWDecode", "/JavaScript", "/OpenAction", "/Interpolate", "/SMask", "/Crypt"]) {
    assert.ok(!text.includes(forbidden), forbidden);
  }
});

test("metadata are plain XMP, name the standard, and say what the properties say (6.6)", async () => {
  const { text } = await archival(join(samples, "fax.tif"));
  const metadata = reference(text, "Metadata");
  assert.match(object(text, metadata), /\/Type \/Metadata \/Subtype \/XML \/Length \d+ >>/);
  const xmp = streamOf(text, metadata).toString("utf8");
  assert.match(xmp, /<pdfaid:part>2<\/pdfaid:part><pdfaid:conformance>B<\/pdfaid:conformance>/);
  assert.match(xmp, /<pdf:Producer>Quire<\/pdf:Producer>/);
  assert.match(xmp, />A &amp; B &lt;2&gt;\.tif</);
  const information = object(text, reference(text, "Info"));
  const stated = /\/Title <feff([0-9a-f]+)>/.exec(information)?.[1] ?? "";
  assert.equal(Buffer.from(stated, "hex").swap16().toString("utf16le"), title);
  assert.match(information, /\/Producer \(Quire\)/);
  assert.deepEqual(information.match(/\/[A-Z]\w+ /g), ["/Title ", "/Producer "]);
});

test("colours are said to be sRGB, and the profile is (6.2.3)", async () => {
  const { text } = await archival(join(samples, "report.tif"));
  assert.match(text, /\/OutputIntents \[<< \/Type \/OutputIntent \/S \/GTS_PDFA1 /);
  const profile = inflateSync(streamOf(text, reference(text, "DestOutputProfile")));
  assert.deepEqual(profile, srgbProfile());
  // Little CMS takes it, and colours that are brought into it are as they were in sRGB.
  const path = keep("srgb.icc", profile);
  const colours = Buffer.from(Array.from({ length: 3 * 4_096 }, (_, at) => (at * 37 + (at >> 5)) & 0xff));
  const raw = { width: 64, height: 64, channels: 3 as const };
  const tiff = await sharp(colours, { raw }).withIccProfile(path).tiff({ compression: "none" }).toBuffer();
  const converted = await sharp(tiff, { ignoreIcc: true }).raw().toBuffer();
  const furthest = Math.max(...converted.map((value, at) => Math.abs(value - (colours[at] as number))));
  assert.ok(furthest <= 1, `off by ${furthest}`);
});

test("the font is in the file, and no character is the one for missing ones (6.2.11)", async () => {
  const { text } = await archival(join(samples, "report.tif"));
  const font = object(text, reference(text, "Quire"));
  assert.match(font, /\/Encoding \/Identity-H/);
  const descendant = object(text, /\/DescendantFonts \[ ?(\d+) 0 R/.exec(font)?.[1]);
  assert.ok(reference(object(text, reference(descendant, "FontDescriptor")), "FontFile2"));
  const glyphs = inflateSync(streamOf(text, reference(descendant, "CIDToGIDMap")));
  for (let code = 0; code < glyphs.length / 2; code++) assert.notEqual(glyphs.readUInt16BE(code * 2), 0);
});

test("no LZW, and no process colours without a profile: they are kept in another way (6.1.7, 6.2.4)", async () => {
  const photo = sharp(join(samples, "photo.jpg")).resize(120, 90);
  const lzw = keep("lzw.tif", await photo.clone().tiff({ compression: "lzw" }).toBuffer());
  assert.match((await writeImages(lzw)).toString("latin1"), /\/LZWDecode/);
  const kept = await archival(lzw);
  assert.doesNotMatch(kept.text, /\/LZWDecode/);
  const expected = await sharp(lzw).raw().toBuffer();
  assert.ok((await pdfiumPages(kept.bytes))[0]?.picture?.rgb.equals(expected));

  const cmyk = sharp({ create: { width: 50, height: 40, channels: 3, background: "#2266aa" } });
  const jpeg = await cmyk.toColourspace("cmyk").jpeg().toBuffer();
  const path = keep("cmyk.jpg", jpeg);
  assert.match((await writeImages(path)).toString("latin1"), /\/DeviceCMYK/);
  const { text, bytes } = await archival(path);
  assert.doesNotMatch(text, /\/DeviceCMYK/);
  assert.ok((await pdfiumPages(bytes))[0]?.picture);
});

test("the words are there as in any other", async () => {
  const { bytes } = await archival(join(samples, "form.png"));
  assert.equal((await pdfiumPages(bytes))[0]?.text.trim(), "Größe");
});

test("veraPDF finds them valid", { skip: missing("verapdf") }, async () => {
  for (const name of ["fax.tif", "report.tif", "form.png", "photo.jpg"]) {
    const { bytes } = await archival(join(samples, name));
    const path = keep(`${name}.pdf`, bytes);
    assert.match(tell("verapdf", ["--flavour", "2b", "--format", "text", path]), /^PASS/m);
  }
});
