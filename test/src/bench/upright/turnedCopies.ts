import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { encodeBilevelTiff } from "../../samples/bilevelTiff.ts";
import { type GreyImage, openGrey } from "../../samples/greyImage.ts";
import { PdfPages } from "../../samples/pdfPages.ts";
import type { BenchDocument } from "../documents.ts";

/** The documents of `clinical/` are of US letter paper, scanned at 300 dpi in grey, or faxed at 200. */
const letterInches = { width: 8.5, height: 11 };
const pointsPerInch = 72;
const scanDpi = 300;
const faxDpi = 200;
const jpegQuality = 90;
const white = "#ffffff";

/**
 * Writes copies of scanned documents turned clockwise, in a folder of their own: PDFs of JPEGs as PDFs of JPEGs, faxes
 * as faxes. Nothing in them says that they are turned. Turned by 0 they show what writing them anew costs.
 */
export async function writeTurnedCopies(
  documents: readonly BenchDocument[],
  degrees: number,
  temporaryFolder: string,
): Promise<BenchDocument[]> {
  const folder = join(temporaryFolder, `turned-${degrees}`);
  mkdirSync(folder, { recursive: true });
  const copies: BenchDocument[] = [];
  for (const { path, truths } of documents) {
    const copy = join(folder, basename(path));
    const data = extname(path) === ".pdf" ? await turnPdf(path, degrees) : await turnFax(path, degrees);
    writeFileSync(copy, data);
    copies.push({ path: copy, truths });
  }
  return copies;
}

async function turnPdf(path: string, degrees: number): Promise<Buffer> {
  const pdf = new PdfPages();
  for (const jpeg of jpegsIn(readFileSync(path))) {
    const page = await turn(sharp(jpeg), degrees);
    const { width, height } = page;
    const data = await openGrey(page).jpeg({ quality: jpegQuality }).toBuffer();
    pdf.addPage({
      widthPoints: (width * pointsPerInch) / scanDpi,
      heightPoints: (height * pointsPerInch) / scanDpi,
      image: { width, height, data },
    });
  }
  return pdf.finish();
}

async function turnFax(path: string, degrees: number): Promise<Buffer> {
  const { pages = 1 } = await sharp(path).metadata();
  const turned: GreyImage[] = [];
  for (let page = 0; page < pages; page++) {
    // A fax may have half as many lines as it has columns for the same length.
    const square = sharp(path, { page })
      .toColourspace("b-w")
      .resize(letterInches.width * faxDpi, letterInches.height * faxDpi, { fit: "fill" });
    turned.push(await turn(sharp(await square.png().toBuffer()), degrees));
  }
  return encodeBilevelTiff(turned, { across: faxDpi, down: faxDpi });
}

async function turn(image: Sharp, degrees: number): Promise<GreyImage> {
  const { data, info } = await image
    .rotate(degrees, { background: white })
    .toColourspace("b-w")
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, pixels: data };
}

/** The JPEGs in a PDF that has each page as one of them: they lie in it as they are (ISO 32000-1, 7.4.8). */
function jpegsIn(pdf: Buffer): Buffer[] {
  const start = Buffer.from([0xff, 0xd8, 0xff]);
  const found: Buffer[] = [];
  let end = 0;
  for (let from = pdf.indexOf(start); from >= 0; from = pdf.indexOf(start, end)) {
    end = pdf.indexOf("endstream", from);
    found.push(pdf.subarray(from, end));
  }
  if (found.length === 0) throw new Error("a scan has no JPEG in it");
  return found;
}
