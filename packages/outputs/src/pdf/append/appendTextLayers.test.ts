import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { PageResult } from "@quire/core";
import { toReadingSpace } from "@quire/core/geometry";
import { readWithPdfium } from "../../testing/pdfiumReader.ts";
import { readWithPdfjs } from "../../testing/pdfjsReader.ts";
import { missing } from "../../testing/poppler.ts";
import { writtenPage } from "../../testing/writtenPage.ts";
import { compressedPdf, writtenPdf } from "../../testing/writtenPdf.ts";
import { deflatedStream } from "../font/glyphlessFont.ts";
import { writePdf } from "../writePdf.ts";

const folder = mkdtempSync(join(tmpdir(), "quire-pdf-"));
after(() => rmSync(folder, { recursive: true }));
const samples = new URL("../../../../../samples/", import.meta.url);

const pointsPerInch = 72;
const dpi = 150;
const lines = ["Haemoglobin 13.2 g/dl", "no acute distress today"];
const words = lines.join(" ").split(" ");
const noQpdf = missing("qpdf");

/** A catalog, a page tree and two pages; what the pages show is the fifth object. */
const catalog = "<< /Type /Catalog /Pages 2 0 R >>";
const tree = "<< /Type /Pages /Kids [ 3 0 R 4 0 R ] /Count 2 >>";
const pageOf = (entries: string) => `<< /Type /Page /Parent 2 0 R ${entries} >>`;
const letterPage = pageOf("/MediaBox [ 0 0 612 792 ] /Contents 5 0 R /Resources << >>");
/** It leaves another coordinate system behind than it found. */
const drawing = deflatedStream(Buffer.from("2 0 0 2 30 40 cm 0.5 g 10 10 200 90 re f 3 Tr 40 Tz"));
const plain = [catalog, tree, letterPage, letterPage, drawing];

async function* each(pages: readonly PageResult[]): AsyncGenerator<PageResult> {
  yield* pages;
}

async function searchable(original: Buffer, pages: readonly PageResult[]): Promise<Buffer> {
  const path = join(folder, "original.pdf");
  writeFileSync(path, original);
  const source = {
    path,
    format: "pdf",
    pageCount: pages.length,
    name: "original.pdf",
    archival: false,
  } as const;
  const parts: Uint8Array[] = [];
  for await (const part of writePdf(source, each(pages))) parts.push(part);
  return Buffer.concat(parts);
}

/** The same two lines on each page, at the size at which PDFium shows it. */
async function resultsFor(original: Buffer): Promise<PageResult[]> {
  return (await readWithPdfium(original)).map(({ widthPoints, heightPoints }, index) => {
    const [width, height] = [widthPoints, heightPoints].map((points) =>
      Math.round((points * dpi) / pointsPerInch),
    );
    const writing = { width: width ?? 0, height: height ?? 0, dpi, orientation: 0, skew: 0 } as const;
    return writtenPage(lines, writing, index + 1);
  });
}

function passesQpdf(file: Buffer): boolean {
  if (noQpdf) return false;
  const path = join(folder, "checked.pdf");
  writeFileSync(path, file);
  return spawnSync("qpdf", ["--check", path]).status === 0;
}

/** That nothing but the text layer has been added, and that it is where it should be. */
async function checkSearchable(original: Buffer, changed = [1, 2]): Promise<Buffer> {
  const results = await resultsFor(original);
  const output = await searchable(original, results);
  assert.ok(output.subarray(0, original.length).equals(original), "the original's bytes come first");
  const [before, seen] = [await readWithPdfium(original), await readWithPdfium(output)];
  assert.deepEqual(
    seen.map(({ rasterHash }) => rasterHash),
    before.map(({ rasterHash }) => rasterHash),
  );
  for (const number of changed) {
    const [page, result] = [seen[number - 1], results[number - 1]];
    assert.deepEqual(
      page?.words.map(({ text }) => text),
      words,
      `page ${number}`,
    );
    result?.words.forEach(({ box }, index) => {
      const found = page?.words[index]?.box ?? { x: 0, y: 0 };
      const off = Math.hypot(
        (found.x * dpi) / pointsPerInch - box.x,
        (found.y * dpi) / pointsPerInch - box.y,
      );
      assert.ok(off < 0.005 * result.height, `${off} pixels off on page ${number}`);
    });
  }
  if (passesQpdf(original)) assert.ok(passesQpdf(output));
  return output;
}

/** A document of one page with these entries, and what its tree has for all. */
const onePage = (entries: string, inherited = "") =>
  writtenPdf([
    catalog,
    `<< /Type /Pages /Kids [ 3 0 R ] /Count 1 ${inherited} >>`,
    pageOf(`/Contents 4 0 R ${entries}`),
    drawing,
  ]);

test("a file with a cross-reference table", async () => {
  const output = await checkSearchable(writtenPdf(plain));
  assert.deepEqual((await readWithPdfjs(output)).texts, [lines.join("\n"), lines.join("\n")]);
});

test("a file that ends without an end of line", async () => {
  await checkSearchable(Buffer.from(writtenPdf(plain).toString("latin1").trimEnd(), "latin1"));
});

test("a file whose objects are in object streams, or in both", async () => {
  const output = await checkSearchable(compressedPdf(plain));
  assert.deepEqual((await readWithPdfjs(output)).texts, [lines.join("\n"), lines.join("\n")]);
  await checkSearchable(compressedPdf(plain, "hybrid"));
});

test("a file that has had an update before: this one's own", async () => {
  for (const original of [writtenPdf(plain), compressedPdf(plain)]) {
    const results = await resultsFor(original);
    const once = await searchable(original, results.slice(0, 1));
    const twice = await searchable(once, [
      { ...(results[0] as PageResult), outcome: "blank" },
      results[1] as PageResult,
    ]);
    const seen = await readWithPdfium(twice);
    assert.deepEqual(
      seen.map((page) => page.words.map(({ text }) => text)),
      [words, words],
    );
  }
});

test("a file in which the header comes late", async () => {
  await checkSearchable(Buffer.concat([Buffer.from("From: a mail server\r\n\r\n"), writtenPdf(plain)]));
});

test("a file whose cross-reference leads nowhere", async () => {
  for (const original of [writtenPdf(plain), compressedPdf(plain)]) {
    const text = original.toString("latin1");
    const without = text.slice(0, text.lastIndexOf("startxref"));
    await checkSearchable(Buffer.from(`${without}startxref\n99999\n%%EOF\n`, "latin1"));
    await checkSearchable(Buffer.from(without, "latin1"));
  }
  const shifted = writtenPdf(plain).toString("latin1").replace("xref\n0 6\n", "xref\n1 6\n");
  await checkSearchable(Buffer.from(shifted, "latin1"));
});

test("pages that are turned, cropped, or say nothing of their size", async () => {
  const media = "/MediaBox [ 50 100 662 892 ] /Resources << >>";
  for (const entries of [
    "/Resources << >>",
    media,
    `${media} /Rotate 90`,
    `${media} /Rotate 180`,
    `${media} /Rotate -90`,
    `${media} /Rotate 450 /CropBox [ 100 150 500 800 ]`,
    "/MediaBox [ 612 792 0 0 ] /CropBox [ -40 -50 600 700 ] /Resources << >>",
    `${media} /UserUnit 2`,
  ]) {
    await checkSearchable(onePage(entries), [1]);
  }
  await checkSearchable(onePage("", "/MediaBox [ 0 0 500 700 ] /Rotate 270 /CropBox [ 10 20 400 600 ]"), [1]);
});

test("resources and contents that are shared, inherited, indirect or missing", async () => {
  const media = "/MediaBox [ 0 0 612 792 ]";
  const shared = pageOf(`${media} /Contents 6 0 R /Resources 7 0 R`);
  const output = await checkSearchable(
    writtenPdf([
      catalog,
      tree,
      shared,
      shared,
      drawing,
      "[ 5 0 R ]",
      "<< /ProcSet [ /PDF ] /Font 8 0 R >>",
      "<< /QuireText 9 0 R >>",
      "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]),
  );
  const copies = output.toString("latin1").match(/\/QuireText1 \d+ 0 R/g);
  assert.equal(copies?.length, 1, "pages that share their resources share the copy");
  const bare = pageOf("");
  await checkSearchable(
    writtenPdf([catalog, tree.replace(">>", `${media} /Resources << /Font << >> >> >>`), bare, bare]),
  );
  await checkSearchable(
    writtenPdf([catalog, tree, pageOf(media), pageOf(`${media} /Contents [ ] /Resources 99 0 R`)]),
  );
});

const helvetica = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
const stamp = "BT /F 20 Tf 100 300 Td 0 Tr (STAMP) Tj ET";
const ocr = (text: string) => `q BT 3 Tr /F 12 Tf 60 500 Td (${text}) Tj ET Q`;

/** A page of these streams, one of which may be a form that they draw as /Ocr. */
function layered(contents: readonly string[], form = "", formEntries = ""): Buffer {
  const streams = [form, ...contents].map((content, index) =>
    deflatedStream(
      Buffer.from(content),
      index === 0 ? `/Type /XObject /Subtype /Form /BBox [ 0 0 612 792 ] ${formEntries}` : "",
    ),
  );
  const references = contents.map((_, index) => `${index + 6} 0 R`).join(" ");
  return writtenPdf([
    catalog,
    "<< /Type /Pages /Kids [ 3 0 R ] /Count 1 >>",
    pageOf(
      `/MediaBox [ 0 0 612 792 ] /Contents [ ${references} ]
       /Resources << /Font << /F 4 0 R >> /XObject << /Ocr 5 0 R >> >>`,
    ),
    helvetica,
    ...streams,
  ]);
}

test("somebody's hidden text makes room for what was read, wherever it stands", async () => {
  const frame = "40 40 500 700 re S";
  for (const original of [
    layered([frame, ocr("Hemoglobln")]),
    layered(["q BT 3 Tr /F 12 Tf 60 500 Td (cut", ") Tj ET Q", frame]),
    layered([frame, "/Ocr Do"], ocr("in a form")),
    layered([frame, "/Ocr Do"], "/Ocr Do", "/Resources << /XObject << /Ocr 5 0 R >> >>"),
  ]) {
    await checkSearchable(original, [1]);
  }
});

test("what Quire has written before makes room, too", async () => {
  const original = layered(["40 40 500 700 re S"]);
  const results = await resultsFor(original);
  const once = await searchable(original, results);
  await checkSearchable(once, [1]);
  const twice = await searchable(once, results);
  assert.equal((await readWithPdfjs(twice)).texts[0], lines.join("\n"));
});

test("text that is seen stays beneath, and so does what a page has in part as its own", async () => {
  const texts = async (original: Buffer, change: Partial<PageResult> = {}) => {
    const [page] = await resultsFor(original);
    const output = await searchable(original, [{ ...(page as PageResult), ...change }]);
    const [before, after] = [await readWithPdfium(original), await readWithPdfium(output)];
    assert.equal(after[0]?.rasterHash, before[0]?.rasterHash);
    return after[0]?.words.map(({ text }) => text).toSorted();
  };
  const withWords = (...more: string[]) => [...words, ...more].toSorted();
  assert.deepEqual(await texts(layered([stamp, ocr("hidden")])), withWords("STAMP"));
  const both = `BT /F 12 Tf 60 500 Td 3 Tr (hidden ) Tj 0 Tr (seen) Tj ET`;
  assert.deepEqual(await texts(layered([both])), withWords("hidden", "seen"));
  const inPart = await texts(layered([ocr("hidden")]), { warnings: ["text_layer_incomplete"] });
  assert.deepEqual(inPart, withWords("hidden"));
  const inlinePicture = "q 90 0 0 90 0 0 cm BI /W 8 /H 1 /BPC 1 /CS /G ID x EI Q";
  assert.deepEqual(await texts(layered([ocr("hidden"), inlinePicture])), withWords("hidden"));
  assert.deepEqual(
    await texts(layered(["/Ocr Do"], `${ocr("hidden")} ${stamp}`)),
    withWords("hidden", "STAMP"),
  );
});

test("a page tree that holds itself, miscounts, and has a page in it twice", async () => {
  const knot = "<< /Type /Pages /Kids [ 2 0 R 3 0 R 6 0 R 3 0 R ] /Count 3 >>";
  const below = "<< /Type /Pages /Parent 2 0 R /Kids [ 4 0 R ] /Count 7 >>";
  const original = writtenPdf([catalog, knot, letterPage, letterPage, drawing, below]);
  const output = await checkSearchable(original, [1, 2, 3]);
  assert.equal(output.toString("latin1").split("\n3 0 obj").length - 1, 2, "before and after, not once more");
});

test("a page tree that never ends is refused, or ends", async () => {
  const ring = writtenPdf([
    catalog,
    "<< /Kids [ 6 0 R 3 0 R ] /Count 1 >>",
    letterPage,
    letterPage,
    drawing,
    "<< /Kids [ 2 0 R ] >>",
  ]);
  const [page] = await resultsFor(writtenPdf(plain));
  const output = await searchable(ring, [page as PageResult]);
  assert.match(output.toString("latin1").slice(ring.length), /^3 0 obj/m);
  // Each branch has the next one ten times: 10 to the power of 20 pages that are none.
  const branches = Array.from(
    { length: 20 },
    (_, level) => `<< /Kids [ ${`${level + 3} 0 R `.repeat(10)}] >>`,
  );
  const bomb = writtenPdf([catalog, ...branches, "<< /Kids [ ] >>"]);
  await assert.rejects(searchable(bomb, [page as PageResult]), { code: "pdf_unwritable" });
});

test("outline, page labels, links, form, metadata and pictures stay as they are", async () => {
  const metadata = Buffer.from(
    "<< /Type /Metadata /Subtype /XML /Length 34 >>\nstream\n<x:xmpmeta xmlns:x='adobe:ns:meta/'/>\nendstream",
  );
  const original = writtenPdf(
    [
      `<< /Type /Catalog /Pages 2 0 R /Outlines 6 0 R /PageLabels << /Nums [ 0 << /S /r >> ] >>
          /AcroForm << /Fields [ 8 0 R ] /DA (/Helv 9 Tf 0 g) >> /Metadata 11 0 R >>`,
      tree,
      pageOf(`/MediaBox [ 0 0 612 792 ] /Contents 5 0 R /Resources << /XObject << /Im 10 0 R >> >>
              /Annots [ 8 0 R 9 0 R ] /PieceInfo << /Note (kept \\( as it is) >>`),
      letterPage,
      deflatedStream(Buffer.from("q 300 0 0 200 100 500 cm /Im Do Q")),
      "<< /Type /Outlines /First 7 0 R /Last 7 0 R /Count 1 >>",
      "<< /Title (Befund) /Parent 6 0 R /Dest [ 4 0 R /Fit ] >>",
      "<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Ada) /Rect [ 50 50 200 70 ] /P 3 0 R >>",
      "<< /Type /Annot /Subtype /Link /Rect [ 50 100 200 120 ] /A << /S /URI /URI (https://example.org/) >> >>",
      "<< /Type /XObject /Subtype /Image /Width 2 /Height 2 /BitsPerComponent 8 /ColorSpace /DeviceGray /Length 4 >>\nstream\n\u0000@@\u0000\nendstream",
      metadata,
      "<< /Title (Arztbrief) /Producer (a scanner) >>",
    ],
    "/Info 12 0 R /ID [ <00112233445566778899AABBCCDDEEFF> <00112233445566778899AABBCCDDEEFF> ] ",
  );
  const [before, after] = [
    await readWithPdfjs(original),
    await readWithPdfjs(await checkSearchable(original, [2])),
  ];
  assert.ok(before.outline && before.labels && before.fields && before.annotations[0]);
  for (const part of ["outline", "labels", "fields", "information", "annotations"] as const) {
    assert.deepEqual(after[part], before[part], part);
  }
  assert.deepEqual(
    [before.fingerprints[0], before.fingerprints[1] === after.fingerprints[1]],
    [after.fingerprints[0], false],
  );
});

test("a file in which nothing was recognised stays as it is, whatever it is", async () => {
  const original = readFileSync(new URL("awkward/encrypted.pdf", samples));
  const page: PageResult = {
    ...(await resultsFor(writtenPdf(plain)))[0],
    outcome: "text_layer",
  } as PageResult;
  assert.ok((await searchable(original, [page])).equals(original));
});

test("signed, encrypted and damaged files are refused, before the first byte", async () => {
  const results = await resultsFor(writtenPdf(plain));
  const form = "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [ 6 0 R ] >> >>";
  const field = "<< /FT /Sig /Kids [ 7 0 R ] >>";
  const signed = writtenPdf([form, ...plain.slice(1), field, "<< /Parent 6 0 R /V << /Type /Sig >> >>"]);
  const certified = writtenPdf([
    catalog.replace(">>", "/Perms << /DocMDP 6 0 R >> >>"),
    ...plain.slice(1),
    "<< >>",
  ]);
  const encrypted = readFileSync(new URL("awkward/encrypted.pdf", samples));
  const looping = writtenPdf([catalog.replace("2 0 R", "9 0 R"), ...plain.slice(1)]);
  const cases: [Buffer, string][] = [
    [signed, "pdf_signed"],
    [certified, "pdf_signed"],
    [encrypted, "pdf_encrypted"],
    [readFileSync(new URL("awkward/garbage.pdf", samples)), "pdf_unwritable"],
    [looping, "pdf_unwritable"],
  ];
  for (const [original, code] of cases) {
    await assert.rejects(searchable(original, results), { code });
  }
  const unsigned = writtenPdf([form, ...plain.slice(1), field, "<< /Parent 6 0 R >>"]);
  await checkSearchable(unsigned);
});

test("a page on which what is written lies on its side or head is opened upright, its words where they are", async () => {
  for (const rotate of [0, 90]) {
    for (const orientation of [90, 180, 270] as const) {
      const original = onePage(`/MediaBox [ 0 0 612 792 ] /Rotate ${rotate} /Resources << >>`);
      const [upright] = await resultsFor(original);
      assert.ok(upright);
      const { width, height } = upright;
      const result = writtenPage(lines, { width, height, dpi, orientation, skew: 0 });
      const [page] = await readWithPdfium(await searchable(original, [result]));
      assert.ok(page);
      const turned = orientation !== 180;
      assert.equal(
        page.widthPoints > page.heightPoints,
        turned === width < height,
        `${rotate}, ${orientation}`,
      );
      assert.deepEqual(
        page.words.map(({ text }) => text),
        words,
      );
      result.words.forEach(({ box }, index) => {
        const wanted = toReadingSpace(result, box);
        const found = page.words[index]?.box ?? { x: 0, y: 0 };
        const off = Math.hypot(
          (found.x * dpi) / pointsPerInch - wanted.x,
          (found.y * dpi) / pointsPerInch - wanted.y,
        );
        assert.ok(off < 0.005 * height, `${off} pixels off, ${rotate}, ${orientation}`);
      });
    }
  }
});
