import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PageResult } from "@quire/core";
import {
  type PopplerWord,
  popplerTexts,
  popplerWords,
  readWithPdfium,
  readWithPdfjs,
  type SeenPage,
} from "@quire/outputs/testing";
import sharp, { type Sharp } from "sharp";

/** What came back of the words of a document from the searchable PDF of it. */
export interface RoundTrip {
  readonly pages: number;
  readonly words: number;
  /** Pages whose words Poppler, pdf.js and PDFium have as the result has them, in its order. */
  readonly poppler: number;
  readonly pdfjs: number;
  readonly pdfium: number;
  /** By how much Poppler's boxes are off, at most, as a share of the page's height; words it has not whole. */
  readonly furthestOff: number;
  readonly notWhole: number;
  /** Of what was a PDF before: whether it begins with that, and draws the same. */
  readonly beginsWithOriginal: boolean | null;
  readonly sameDrawing: boolean | null;
  /** Of a PDF its pictures' own bytes, of a TIFF each page's pixels. */
  readonly samePictures: boolean;
  readonly soundByQpdf: boolean;
}

/** A document that a searchable PDF was made of. */
export interface Original {
  readonly path: string;
  readonly format: "pdf" | "tiff";
}

/** Reads a searchable PDF back. @param path where it lies */
export async function roundTrip(
  original: Original,
  path: string,
  results: readonly PageResult[],
): Promise<RoundTrip> {
  const output = readFileSync(path);
  const poppler = popplerTexts(output);
  const boxes = popplerWords(
    output,
    results.map(({ rotation }) => rotation),
  );
  const pdfjs = (await readWithPdfjs(output)).words;
  const pdfium = await readWithPdfium(output);
  const recognised = results.filter(({ outcome }) => outcome === "recognized");
  const same = (found: (index: number) => string) =>
    recognised.filter((page) => words(found(page.pageNumber - 1)) === words(textOf(page))).length;
  const places = recognised.map((page) => placesOf(page, boxes[page.pageNumber - 1] ?? []));
  return {
    pages: recognised.length,
    words: recognised.reduce((sum, page) => sum + page.words.length, 0),
    poppler: same((index) => poppler[index] ?? ""),
    pdfjs: same((index) => (pdfjs[index] ?? []).join(" ")),
    pdfium: recognised.filter((page) => {
      const seen = pdfium[page.pageNumber - 1]?.words.map(({ text }) => text).join("");
      // PDFium makes one word of what is hyphenated at a line's end.
      return seen === textOf(page).replaceAll(" ", "");
    }).length,
    furthestOff: Math.max(0, ...places.map(({ furthestOff }) => furthestOff)),
    notWhole: places.reduce((sum, { notWhole }) => sum + notWhole, 0),
    ...(original.format === "pdf"
      ? await keptOfPdf(readFileSync(original.path), output, pdfium)
      : {
          beginsWithOriginal: null,
          sameDrawing: null,
          samePictures: await samePixels(original.path, output),
        }),
    soundByQpdf: spawnSync("qpdf", ["--check", path]).status === 0,
  };
}

const textOf = (page: PageResult) => page.words.map(({ text }) => text).join(" ");
const words = (text: string) => text.split(/\s+/).filter(Boolean).join(" ");

/** How far each word is from the nearest of the same text. */
function placesOf(
  page: PageResult,
  found: readonly PopplerWord[],
): { furthestOff: number; notWhole: number } {
  let furthestOff = 0;
  let notWhole = 0;
  const proportions = page.width / page.height;
  for (const { text, box } of page.words) {
    const off = found
      .filter((word) => word.text === text)
      .map((word) => {
        const [left, top] = [box.x / page.width, box.y / page.height];
        const [width, height] = [box.width / page.width, box.height / page.height];
        const across = [word.box.x - left, word.box.x + word.box.width - left - width];
        const down = [word.box.y - top, word.box.y + word.box.height - top - height];
        return Math.max(...across.map((share) => Math.abs(share) * proportions), ...down.map(Math.abs));
      });
    if (off.length === 0) notWhole++;
    else furthestOff = Math.max(furthestOff, Math.min(...off));
  }
  return { furthestOff, notWhole };
}

async function keptOfPdf(original: Buffer, output: Buffer, drawn: readonly SeenPage[]) {
  const before = await readWithPdfium(original);
  return {
    beginsWithOriginal: output.subarray(0, original.length).equals(original),
    sameDrawing: before.every(({ rasterHash }, index) => rasterHash === drawn[index]?.rasterHash),
    samePictures: pictures(original) === pictures(output),
  };
}

/** Whether each page's picture, as `pdfimages -png` takes it out, has the pixels of the TIFF's page. */
async function samePixels(tiff: string, output: Buffer): Promise<boolean> {
  const pixels = async (image: Sharp) => digest(await image.toColourspace("b-w").raw().toBuffer());
  const { pages = 1 } = await sharp(tiff).metadata();
  const before: string[] = [];
  for (let page = 0; page < pages; page++) before.push(await pixels(sharp(tiff, { page })));
  const after: string[] = [];
  for (const { data } of extractedPictures(output, "-png")) after.push(await pixels(sharp(data)));
  return before.join() === after.join();
}

/** All pictures in a PDF, told by their own bytes. */
function pictures(file: Buffer): string {
  return extractedPictures(file, "-all")
    .map(({ name, data }) => name + digest(data))
    .join();
}

const digest = (data: Uint8Array) => createHash("sha256").update(data).digest("hex");

/** The pictures in a PDF as `pdfimages` takes them out, in order. @param how `-all`: as they lie in it; or a format */
function extractedPictures(file: Buffer, how: "-all" | "-png"): { name: string; data: Buffer }[] {
  const folder = mkdtempSync(join(tmpdir(), "quire-pictures-"));
  try {
    spawnSync("pdfimages", [how, "-", join(folder, "picture")], { input: file });
    const names = readdirSync(folder).toSorted();
    return names.map((name) => ({ name, data: readFileSync(join(folder, name)) }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
