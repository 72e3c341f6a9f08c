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
} from "@quire/outputs/testing";

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
  readonly sameDrawing: boolean;
  readonly samePictures: boolean;
  readonly beginsWithOriginal: boolean;
  readonly soundByQpdf: boolean;
}

/** Reads a searchable PDF back. @param path where it lies */
export async function roundTrip(
  original: Buffer,
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
  const [before, pdfium] = [await readWithPdfium(original), await readWithPdfium(output)];
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
    sameDrawing: before.every(({ rasterHash }, index) => rasterHash === pdfium[index]?.rasterHash),
    samePictures: pictures(original) === pictures(output),
    beginsWithOriginal: output.subarray(0, original.length).equals(original),
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

/** A hash over all pictures in a PDF as `pdfimages -all` takes them out: their own bytes. */
function pictures(file: Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), "quire-pictures-"));
  try {
    spawnSync("pdfimages", ["-all", "-", join(folder, "picture")], { input: file });
    const hash = createHash("sha256");
    for (const name of readdirSync(folder).toSorted())
      hash.update(name).update(readFileSync(join(folder, name)));
    return hash.digest("hex");
  } finally {
    rmSync(folder, { recursive: true });
  }
}
