import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scanToJpeg } from "../../samples/ordinarySamples.ts";
import { type JpegImage, PdfPages } from "../../samples/pdfPages.ts";
import { a4 } from "../../samples/sheet.ts";
import { dischargeReport } from "../../samples/sheets/dischargeReport.ts";
import { operationReport } from "../../samples/sheets/operationReport.ts";
import { referralLetter } from "../../samples/sheets/referralLetter.ts";
import { samplesFolder } from "../places.ts";

const scanDpi = 300;

/** Documents made for the benchmark, in a folder of its own; each is made once. */
export class MadeDocuments {
  readonly folder: string;
  #scans: Promise<JpegImage[]> | null = null;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** A scanned PDF of so many A4 pages, which begin with another sheet for each `seed`. */
  async scannedPdf(pageCount: number, seed = 0): Promise<string> {
    const scans = await this.scans();
    const path = join(this.folder, `scan-${pageCount}p-${seed}.pdf`);
    if (existsSync(path)) return path;
    const pdf = new PdfPages();
    for (let page = 0; page < pageCount; page++) {
      pdf.addPage({ ...a4, image: scans[(page + seed) % scans.length] as JpegImage });
    }
    writeFileSync(path, pdf.finish());
    return path;
  }

  /** Several sheets, as scanners of different ages see them. */
  scans(): Promise<readonly JpegImage[]> {
    this.#scans ??= scanSheets();
    return this.#scans;
  }

  write(name: string, data: Uint8Array): string {
    const path = join(this.folder, name);
    if (!existsSync(path)) writeFileSync(path, data);
    return path;
  }
}

/** The project's own samples: all formats, one to four pages each. */
export function smallDocuments(): string[] {
  return readdirSync(samplesFolder)
    .filter((file) => /\.(pdf|tif|jpg|png)$/.test(file))
    .sort()
    .map((file) => join(samplesFolder, file));
}

function scanSheets(): Promise<JpegImage[]> {
  const sheets = [operationReport(), ...dischargeReport(), ...referralLetter()];
  return Promise.all(
    sheets.map((sheet, index) =>
      scanToJpeg(sheet, scanDpi, {
        seed: 900 + index,
        skewDegrees: 0.3 * (index % 3) - 0.3,
        noise: 2 + 2 * (index % 4),
        specks: 40,
      }),
    ),
  );
}
