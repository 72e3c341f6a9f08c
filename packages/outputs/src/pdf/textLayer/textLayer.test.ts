import assert from "node:assert/strict";
import { test } from "node:test";
import type { PageResult } from "@quire/core";
import { readWithPdfium } from "../../testing/pdfiumReader.ts";
import { readWithPdfjs } from "../../testing/pdfjsReader.ts";
import { missing, popplerTexts } from "../../testing/poppler.ts";
import { type Writing, writtenPage } from "../../testing/writtenPage.ts";
import { writtenPdf } from "../../testing/writtenPdf.ts";
import { CharacterCodes } from "../font/characterCodes.ts";
import { deflatedStream, fontObjectCount, glyphlessFont } from "../font/glyphlessFont.ts";
import { textLayer } from "./textLayer.ts";

const pointsPerInch = 72;
const upright: Writing = { width: 1275, height: 1650, dpi: 150, orientation: 0, skew: 0 };
const letter = [
  "Befund: Grüße aus der Klinik, 12,5 mg/dl (CRP) am 3.4.",
  "The patient's follow-up was un-",
  "eventful; see page ii. ½ naïve façade",
  "漢字 and 한국어 and \u{1F600} \u{20000}x œuvre",
];
/** As PDFium does it with any PDF: a word that is hyphenated at a line's end is one word to whoever searches. */
const asPdfiumFinds = (text: string) => text.replace(/-\n/, "-").split(/\s+/);

/** A PDF of nothing but the text layer of one page. */
function pdfOf(page: PageResult): Buffer {
  const codes = new CharacterCodes();
  const scale = pointsPerInch / page.dpi;
  const [width, height] = [page.width * scale, page.height * scale];
  const content = textLayer({ page, toUserSpace: [scale, 0, 0, -scale, 0, height], fontName: "Text", codes });
  const font = 5;
  const pdf = writtenPdf([
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [ 3 0 R ] /Count 1 >>",
    `<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 ${width} ${height} ] /Contents 4 0 R
        /Resources << /Font << /Text ${font} 0 R >> >> >>`,
    deflatedStream(content),
    ...glyphlessFont(font, codes),
  ]);
  assert.equal(glyphlessFont(font, codes).length, fontObjectCount);
  return pdf;
}

/** By how much PDFium's boxes are off those of the page, at most, as a share of the page's height. */
async function furthestOff(page: PageResult): Promise<number> {
  const [seen] = await readWithPdfium(pdfOf(page));
  const scale = page.dpi / pointsPerInch;
  const off = page.words.flatMap(({ box, text }) => {
    const found = seen?.words.find((word) => word.text === text)?.box;
    assert.ok(found, `${text} is not found`);
    return [
      found.x * scale - box.x,
      found.y * scale - box.y,
      (found.x + found.width) * scale - box.x - box.width,
      (found.y + found.height) * scale - box.y - box.height,
    ];
  });
  return Math.max(...off.map(Math.abs)) / page.height;
}

test("pdf.js and PDFium find the words, the blanks, the line ends and all of Unicode", async () => {
  const page = writtenPage(letter, upright);
  const pdf = pdfOf(page);
  assert.equal((await readWithPdfjs(pdf)).texts[0], page.text);
  const [seen] = await readWithPdfium(pdf);
  assert.deepEqual(
    seen?.words.map(({ text }) => text),
    asPdfiumFinds(page.text),
  );
});

test("Poppler finds the same", { skip: missing("pdftotext") }, () => {
  const page = writtenPage(letter, upright);
  assert.deepEqual(popplerTexts(pdfOf(page))[0]?.split(/\s+/), [...page.text.split(/\s+/), ""]);
});

const lines = ["Haemoglobin 13.2 g/dl", "no acute distress today", "Dr. Who"];
const words = lines.join(" ").split(" ");

test("the words are where they are, however the page lies", async () => {
  for (const orientation of [0, 90, 180, 270] as const) {
    const off = await furthestOff(writtenPage(lines, { ...upright, orientation }));
    assert.ok(off < 0.001, `${off} at ${orientation}`);
  }
});

test("on a page that is askew they are as near as straight words can be", async () => {
  for (const orientation of [0, 90, 180, 270] as const) {
    for (const skew of [-10, -2, 2, 10]) {
      const off = await furthestOff(writtenPage(lines, { ...upright, orientation, skew }));
      assert.ok(off < 0.02, `${off} at ${orientation}, ${skew}`);
    }
  }
});

test("however the page lies, pdf.js and Poppler find whole words in their order", async (t) => {
  const hasPoppler = !missing("pdftotext");
  for (const orientation of [0, 90, 180, 270] as const) {
    for (const skew of orientation === 0 ? [-10, 10] : [0, 10]) {
      await t.test(`${orientation}°, ${skew}°`, async () => {
        const pdf = pdfOf(writtenPage(lines, { ...upright, orientation, skew }));
        assert.deepEqual((await readWithPdfjs(pdf)).texts[0]?.split(/\s+/), words);
        if (hasPoppler) assert.deepEqual(popplerTexts(pdf)[0]?.trim().split(/\s+/), words);
      });
    }
  }
});

test("what is written from right to left is found as it is read", async () => {
  const page = writtenPage(["שלום עולם 12.5 טוב"], upright);
  // The first word stands at the right.
  const words = page.words.map((word) => ({
    ...word,
    box: { ...word.box, x: 1000 - word.box.x - word.box.width },
  }));
  const pdf = pdfOf({ ...page, words });
  const [seen] = await readWithPdfium(pdf);
  assert.deepEqual(
    seen?.words.map(({ text }) => text),
    ["שלום", "עולם", "12.5", "טוב"],
  );
  const found = (await readWithPdfjs(pdf)).texts[0] ?? "";
  assert.deepEqual(found.split(" "), ["שלום", "עולם", "12.5", "טוב"]);
});

test("words of a line share its height and its foot, as far as their boxes allow", async () => {
  const page = writtenPage(["are By gap are by Are"], upright);
  // As a recogniser has them: with and without ascender and descender.
  const extents = [
    [170, 14],
    [160, 30],
    [170, 20],
    [170, 14],
    [160, 30],
    [160, 24],
  ];
  const words = page.words.map((word, index) => {
    const [y = 0, height = 0] = extents[index] ?? [];
    return { ...word, box: { ...word.box, y, height } };
  });
  const [seen] = await readWithPdfium(pdfOf({ ...page, words }));
  assert.equal(seen?.words.length, words.length);
  assert.equal(new Set(seen?.words.map(({ box }) => Math.round(box.height))).size, 1);
});

test("a word that runs up the margin is found whole", { skip: missing("pdftotext") }, async () => {
  const page = writtenPage(["LUNCH TIME served"], upright);
  const boxes = [
    { x: 100, y: 400, width: 14, height: 96 },
    { x: 122, y: 414, width: 14, height: 70 },
  ];
  const words = page.words.map((word, index) => ({ ...word, box: boxes[index] ?? word.box }));
  assert.deepEqual(
    popplerTexts(pdfOf({ ...page, words }))[0]
      ?.trim()
      .split(/\s+/),
    ["LUNCH", "TIME", "served"],
  );
  assert.ok((await furthestOff({ ...page, words })) < 0.001);
});
