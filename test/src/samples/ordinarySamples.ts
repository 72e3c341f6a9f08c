import type { Sharp } from "sharp";
import { encodeBilevelTiff } from "./bilevelTiff.ts";
import { type GreyImage, openGrey } from "./greyImage.ts";
import { type JpegImage, PdfPages } from "./pdfPages.ts";
import { photograph } from "./phoneCamera.ts";
import { type ScanWear, scan } from "./scanner.ts";
import { a4, type Sheet, truthOf } from "./sheet.ts";
import { drawSheet } from "./sheetImage.ts";
import { dischargeReport } from "./sheets/dischargeReport.ts";
import { dosePlan } from "./sheets/dosePlan.ts";
import { faxNote } from "./sheets/faxNote.ts";
import { laboratoryForm } from "./sheets/laboratoryForm.ts";
import { mixedRecord } from "./sheets/mixedRecord.ts";
import { operationReport } from "./sheets/operationReport.ts";
import { referralLetter } from "./sheets/referralLetter.ts";

/** A document and what is to be read in it. */
export interface Sample {
  readonly file: string;
  readonly data: Uint8Array;
  readonly truth: string;
}

/** Orientation 6 of EXIF: the camera was held upright and stored the picture lying on its side. */
const storedOnItsSide = 6;
const photoSize = { width: 1500, height: 2000 };

/** The documents that Quire is made for. */
export async function ordinarySamples(): Promise<Sample[]> {
  const form = openGrey(await drawSheet(laboratoryForm(), 200));
  const photo = await photographedPlan();
  const lying = await photo
    .rotate(270)
    .withMetadata({ orientation: storedOnItsSide })
    .jpeg({ quality: 62 })
    .toBuffer();
  return [
    { file: "letter.pdf", data: letter(), truth: truthOf(referralLetter()) },
    { file: "scan.pdf", data: await scanned(), truth: truthOf([operationReport()]) },
    { file: "report.tif", data: await report(), truth: truthOf(dischargeReport()) },
    { file: "mixed.pdf", data: await mixed(), truth: truthOf(Object.values(mixedRecord())) },
    { file: "photo.jpg", data: lying, truth: truthOf([dosePlan()]) },
    // Without noise, which PNG would keep to the last bit: forms of this kind come from programs.
    {
      file: "form.png",
      data: await form.withMetadata({ density: 200 }).png({ compressionLevel: 9 }).toBuffer(),
      truth: truthOf([laboratoryForm()]),
    },
    { file: "fax.tif", data: await fax(), truth: truthOf([faxNote()]) },
  ];
}

/** The letter, which the damaged samples are made of, too. */
export function letter(): Buffer {
  const pdf = new PdfPages();
  for (const sheet of referralLetter()) pdf.addSheet(sheet);
  return pdf.finish();
}

/** The picture of the dose plan, upright. */
export async function photographedPlan(): Promise<Sharp> {
  return photograph(await drawSheet(dosePlan(), 200), photoSize, 51);
}

async function scanned(): Promise<Buffer> {
  const pdf = new PdfPages();
  const wear = { seed: 21, skewDegrees: 0.4, noise: 3.5, specks: 60 };
  pdf.addPage({ ...a4, image: await scanToJpeg(operationReport(), 300, wear) });
  return pdf.finish();
}

/** Scans a sheet as the grey JPEG that a scanner puts into its PDF. */
export async function scanToJpeg(
  sheet: Sheet,
  dpi: number,
  wear: ScanWear,
  quality = 60,
): Promise<JpegImage> {
  return toJpeg(scan(await drawSheet(sheet, dpi), wear), quality);
}

async function toJpeg(image: GreyImage, quality: number, turnDegrees = 0): Promise<JpegImage> {
  const jpeg = openGrey(image).rotate(turnDegrees).jpeg({ quality });
  const { data, info } = await jpeg.toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

async function report(): Promise<Buffer> {
  const pages = await Promise.all(
    dischargeReport().map(async (sheet, index) =>
      scan(await drawSheet(sheet, 200), {
        seed: 31 + index,
        skewDegrees: 0.3 - 0.25 * index,
        noise: 14,
        specks: 40,
      }),
    ),
  );
  return encodeBilevelTiff(pages, { across: 200, down: 200 });
}

async function mixed(): Promise<Buffer> {
  const { digital, scanned, blank, sideways } = mixedRecord();
  const wear = { skewDegrees: -0.3, noise: 3, specks: 40 };
  const pdf = new PdfPages();
  pdf.addSheet(digital);
  pdf.addPage({ ...a4, image: await scanToJpeg(scanned, 200, { ...wear, seed: 41 }) });
  pdf.addSheet(blank);
  // Turned against the clock here, so that /Rotate 90, which turns with it, shows the page upright.
  const lying = await toJpeg(scan(await drawSheet(sideways, 200), { ...wear, seed: 42 }), 60, 270);
  pdf.addPage({ widthPoints: a4.heightPoints, heightPoints: a4.widthPoints, image: lying, rotate: 90 });
  return pdf.finish();
}

async function fax(): Promise<Buffer> {
  const standard = { across: 204, down: 98 };
  const page = await drawSheet(faxNote(), standard.across, standard.down);
  return encodeBilevelTiff([scan(page, { seed: 71, skewDegrees: 0, noise: 10, specks: 25 })], standard);
}
