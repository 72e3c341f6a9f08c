import assert from "node:assert/strict";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadConfig } from "@quire/core";
import { openPdf } from "./pdfDocument.ts";
import { PdfiumLibrary } from "./pdfiumLibrary.ts";
import { openWithPdfium } from "./pdfiumPages.ts";
import { type OpenPdfPages, PdfFault, PdfLibraryLost, type PdfPage } from "./pdfPages.ts";

const { limits } = loadConfig({});
const folder = mkdtempSync(join(tmpdir(), "quire-pdf-document-"));
after(() => rmSync(folder, { recursive: true }));
/** The libraries here do not look into it. */
const path = join(folder, "any.pdf");
writeFileSync(path, "%PDF");

/** A PDF library whose pages 0, 1, 2… are all alike, except for those it faults on. */
function library(
  grey: number,
  faults: { open?: number[]; rasterise?: number[]; largestImagePixels?: number } = {},
) {
  const log: string[] = [];
  const open: OpenPdfPages = async () => {
    log.push("open");
    return {
      pageCount: 3,
      async openPage(index) {
        if (faults.open?.includes(index)) throw new PdfFault("cannot load");
        const page: PdfPage = {
          widthPoints: 72,
          heightPoints: 72,
          rotation: 0,
          imageDpi: null,
          largestImagePixels: faults.largestImagePixels ?? 0,
          decodeBytes: 0,
          textLayer: { words: [], unmappedShare: 0, hiddenShare: 0, imageShare: 0, hasDrawing: false },
          async rasterise(dpi) {
            if (faults.rasterise?.includes(index)) throw new PdfFault("cannot render");
            return { width: 1, height: 1, dpi, pixels: new Uint8Array([grey]) };
          },
          close: () => log.push(`close page ${index}`),
        };
        return page;
      },
      async close() {
        log.push("close");
      },
    };
  };
  return { open, log };
}

const broken: OpenPdfPages = async () => {
  throw new PdfFault("cannot open");
};

async function greyOf(document: Awaited<ReturnType<typeof openPdf>>, pageNumber: number) {
  const page = await document.openPage(pageNumber);
  const { pixels } = await page.rasterise(100);
  page.close();
  return { grey: pixels[0], warnings: page.warnings };
}

test("the second library reads only the page that the first cannot load", async () => {
  const first = library(1, { open: [1] });
  const second = library(2);
  const document = await openPdf(path, undefined, limits, { first: first.open, second: second.open });
  assert.deepEqual(await greyOf(document, 1), { grey: 1, warnings: [] });
  assert.deepEqual(await greyOf(document, 2), { grey: 2, warnings: ["fallback_renderer"] });
  assert.deepEqual(await greyOf(document, 3), { grey: 1, warnings: [] });
  await document.close();
  assert.equal(first.log.filter((entry) => entry === "open").length, 2, "opened afresh after the fault");
  assert.equal(first.log.filter((entry) => entry === "close").length, 2);
  assert.deepEqual(second.log, ["open", "close page 1", "close"]);
});

test("the second library draws the page that the first cannot render, and the first lets go of it before", async () => {
  const first = library(1, { rasterise: [0] });
  const second = library(2);
  const document = await openPdf(path, undefined, limits, { first: first.open, second: second.open });
  assert.deepEqual(await greyOf(document, 1), { grey: 2, warnings: ["fallback_renderer"] });
  assert.deepEqual(first.log, ["open", "close page 0", "close"]);
  assert.deepEqual(await greyOf(document, 2), { grey: 1, warnings: [] });
});

test("after a trap in one document, the next page of another is still read by PDFium", async () => {
  const second = library(2);
  const libraries = { first: openWithPdfium, second: second.open };
  const sample = fileURLToPath(new URL("../../../../../samples/letter.pdf", import.meta.url));
  const innocent = await openPdf(sample, undefined, limits, libraries);
  const loaded = await innocent.openPage(1);
  const trapped = await PdfiumLibrary.current();
  assert.throws(() =>
    trapped.run(() => {
      throw new WebAssembly.RuntimeError("unreachable");
    }),
  );
  await loaded.rasterise(36);
  assert.deepEqual(loaded.warnings, [], "a page that was open when it happened");
  loaded.close();
  assert.deepEqual((await greyOf(innocent, 2)).warnings, []);
  await innocent.close();
  assert.deepEqual(second.log, []);
});

test("a library that is lost again and again is given up for the page", async () => {
  const lost: OpenPdfPages = async () => ({
    pageCount: 1,
    async openPage() {
      throw new PdfLibraryLost("lost");
    },
    async close() {},
  });
  const document = await openPdf(path, undefined, limits, { first: lost, second: library(2).open });
  assert.deepEqual(await greyOf(document, 1), { grey: 2, warnings: ["fallback_renderer"] });
});

test("the second library opens what the first cannot", async () => {
  const second = library(2);
  const document = await openPdf(path, undefined, limits, { first: broken, second: second.open });
  assert.equal(document.pageCount, 3);
  assert.deepEqual(await greyOf(document, 1), { grey: 2, warnings: ["fallback_renderer"] });
});

test("what neither reads is refused: the document, or the page", async () => {
  await assert.rejects(openPdf(path, undefined, limits, { first: broken, second: broken }), {
    code: "corrupt_file",
  });
  const first = library(1, { open: [0] });
  const document = await openPdf(path, undefined, limits, {
    first: first.open,
    second: library(2, { open: [0] }).open,
  });
  await assert.rejects(document.openPage(1), { code: "page_unreadable" });
});

test("a closed document is not opened again", async () => {
  const first = library(1);
  const document = await openPdf(path, undefined, limits, { first: first.open, second: broken });
  await document.close();
  await assert.rejects(document.openPage(1), { code: "page_unreadable" });
  assert.deepEqual(first.log, ["open", "close"]);
});

test("an image inside a page is held against the limit before it is decoded", async () => {
  const first = library(1, { largestImagePixels: 900_000_000 });
  const document = await openPdf(path, undefined, limits, { first: first.open, second: broken });
  await assert.rejects(document.openPage(1), { code: "page_too_large" });
  assert.ok(first.log.includes("close page 0"));
});

test("a library is opened afresh after pages of so many bytes, for it keeps them", async () => {
  const large = join(folder, "large.pdf");
  writeFileSync(large, "");
  // Three pages of 4 MB: two of them come to 8 MB.
  truncateSync(large, 12_000_000);
  const first = library(1);
  const document = await openPdf(large, undefined, limits, { first: first.open, second: broken });
  for (const pageNumber of [1, 2, 3]) await greyOf(document, pageNumber);
  await document.close();
  assert.deepEqual(first.log, [
    "open",
    "close page 0",
    "close page 1",
    "close",
    "open",
    "close page 2",
    "close",
  ]);
});
