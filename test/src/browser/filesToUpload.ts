import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { fromTop } from "../quire.ts";
import { encodeBilevelTiff } from "../samples/bilevelTiff.ts";
import type { GreyImage } from "../samples/greyImage.ts";
import { type JpegImage, PdfPages } from "../samples/pdfPages.ts";
import { a4 } from "../samples/sheet.ts";
import { referralLetter } from "../samples/sheets/referralLetter.ts";

export const sample = (name: string) => fromTop(`samples/${name}`);

/** What is to be read on a page of a sample: its words of more letters than a misread is likely to leave alone. */
export function longWords(name: string, pageNumber: number): string[] {
  const pages = readFileSync(sample(name), "utf8").split("\f");
  return (pages[pageNumber - 1] as string).match(/\b[a-z]{8,}\b/gi) ?? [];
}

const reportPages = 3;
const megabyte = 1_000_000;

/** samples/report.tif over and over, up to so many pages: long enough to be watched. @returns its path */
export async function longReport(folder: string, name: string, pageCount: number): Promise<string> {
  const sheets: GreyImage[] = [];
  for (let page = 0; page < reportPages; page++) {
    const decoded = sharp(sample("report.tif"), { page }).toColourspace("b-w").raw();
    const { data, info } = await decoded.toBuffer({ resolveWithObject: true });
    sheets.push({ width: info.width, height: info.height, pixels: data });
  }
  const pages = Array.from({ length: pageCount }, (_, index) => sheets[index % reportPages] as GreyImage);
  return written(folder, name, await encodeBilevelTiff(pages, { across: 200, down: 200 }));
}

/**
 * A letter of two pages, read in a moment, in a file of about so many megabytes: as large as a file has to be to be
 * interrupted on its way. Each is another file, for a file that is there already is not read again.
 */
export function bulkyLetter(folder: string, name: string, megabytes: number): string {
  const pdf = new PdfPages();
  for (const sheet of referralLetter()) pdf.addSheet(sheet);
  // No page uses it.
  pdf.writer.add({ entries: "", stream: randomBytes(megabytes * megabyte) });
  return written(folder, name, pdf.finish());
}

/** A letter of two pages, and after it so many pictures of more pixels (12 million) than the tests' services allow. */
export async function letterWithPictures(folder: string, name: string, pictures: number): Promise<string> {
  const pdf = new PdfPages();
  for (const sheet of referralLetter()) pdf.addSheet(sheet);
  for (let picture = 0; picture < pictures; picture++) pdf.addPage({ ...a4, image: await largePicture() });
  return written(folder, name, pdf.finish());
}

/** A letter in a PDF that says it is signed. */
export function signedLetter(folder: string, name: string): string {
  const pdf = new PdfPages();
  const [sheet] = referralLetter();
  if (sheet) pdf.addSheet(sheet);
  const signature = pdf.writer.add({ entries: "/Type /Sig /Filter /Adobe.PPKLite /ByteRange [0 1 2 3]" });
  const field = pdf.writer.add({ entries: `/FT /Sig /T (Signature) /V ${signature} 0 R` });
  const catalogEntries = `/AcroForm << /SigFlags 3 /Fields [${field} 0 R] >>`;
  return written(folder, name, pdf.finish({ catalogEntries }));
}

async function largePicture(): Promise<JpegImage> {
  const size = { width: 3000, height: 4000 };
  const form = sharp(sample("form.png")).resize({ ...size, fit: "fill" });
  return { ...size, data: await form.toColourspace("b-w").jpeg({ quality: 40 }).toBuffer() };
}

export function written(folder: string, name: string, data: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, data);
  return path;
}
