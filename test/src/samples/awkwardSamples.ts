import type { ErrorCode } from "@quire/core";
import { encodeBilevelTiff, loopDirectories } from "./bilevelTiff.ts";
import { cut, readablePart, withoutXref } from "./damage.ts";
import { letter, photographedPlan, scanToJpeg } from "./ordinarySamples.ts";
import { encryptRc4 } from "./pdfEncryption.ts";
import { PdfPages } from "./pdfPages.ts";
import { pdfString } from "./pdfWriter.ts";
import { noiseBytes } from "./seededNoise.ts";
import { a4, truthOf } from "./sheet.ts";
import { invisibleContent, sheetContent } from "./sheetContent.ts";
import { drawSheet } from "./sheetImage.ts";
import { dosePlan } from "./sheets/dosePlan.ts";
import { referralLetter } from "./sheets/referralLetter.ts";
import { consentForm, nameField, scannedNote, wardNote, wideStrip, wrongNote } from "./sheets/shortNotes.ts";
import { encodeZeroPng } from "./zeroPng.ts";

/** A document that is damaged, hostile or odd, and what is to become of it. */
export interface AwkwardSample {
  readonly file: string;
  readonly data: Uint8Array;
  readonly expect: "text" | "refused" | "partial";
  readonly code?: ErrorCode;
  readonly truth?: string;
}

export async function awkwardSamples(): Promise<AwkwardSample[]> {
  const refused = (file: string, data: Uint8Array, code: ErrorCode): AwkwardSample => ({
    file,
    data,
    expect: "refused",
    code,
  });
  const text = (file: string, data: Uint8Array, truth: string): AwkwardSample => ({
    file,
    data,
    expect: "text",
    truth,
  });
  const letterTruth = truthOf(referralLetter());
  const cutPhoto = cut(await (await photographedPlan()).jpeg({ quality: 62 }).toBuffer(), 0.7);
  return [
    refused("encrypted.pdf", encrypted(), "encrypted_pdf"),
    // The catalogue is still in there; the trailer that names it is lost, and no library here searches for it.
    refused("truncated.pdf", cut(letter(), 0.6), "corrupt_file"),
    text("no-xref.pdf", withoutXref(letter()), letterTruth),
    refused("empty.pdf", Buffer.alloc(0), "empty_file"),
    refused("garbage.pdf", Buffer.concat([Buffer.from("%PDF-1.7\n"), noiseBytes(4096, 81)]), "corrupt_file"),
    text("truncated.jpg", cutPhoto, await readablePart(cutPhoto, dosePlan())),
    text("loop.tif", await looped(), truthOf([wardNote(1), wardNote(2)])),
    refused("huge.png", encodeZeroPng(30_000, 30_000), "page_too_large"),
    refused("photo.heic", heicHead(), "unsupported_format"),
    refused("note.txt", Buffer.from("Lotte Muster called and will come at noon.\n"), "unsupported_format"),
    text("hidden-text.pdf", await hiddenText(), truthOf([scannedNote()])),
    text("wide.pdf", wide(), truthOf([wideStrip()])),
    text("form-field.pdf", formField(), truthOf([consentForm()])),
  ];
}

function encrypted(): Buffer {
  const pdf = new PdfPages();
  pdf.addSheet(scannedNote());
  return pdf.finish({ encryption: encryptRc4("quire", noiseBytes(16, 82)) });
}

async function looped(): Promise<Buffer> {
  const pages = await Promise.all([1, 2].map((ward) => drawSheet(wardNote(ward), 200)));
  return loopDirectories(await encodeBilevelTiff(pages, { across: 200, down: 200 }));
}

/** The first box of a HEIC file says what it is; nothing behind it can be decoded. */
function heicHead(): Buffer {
  const box = Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1");
  return Buffer.concat([box, noiseBytes(1024, 83)]);
}

async function hiddenText(): Promise<Buffer> {
  const image = await scanToJpeg(
    scannedNote(),
    200,
    { seed: 84, skewDegrees: 0.2, noise: 2, specks: 10 },
    50,
  );
  const pdf = new PdfPages();
  pdf.addPage({ ...a4, image, content: invisibleContent(wrongNote()) });
  return pdf.finish();
}

function wide(): Buffer {
  const pdf = new PdfPages();
  pdf.addSheet(wideStrip());
  return pdf.finish();
}

/** A text field (ISO 32000-1, 12.7.4.3): what is typed in it stands in its appearance, not in the page's content. */
function formField(): Buffer {
  const { left, bottom, width, height, value } = nameField;
  const pdf = new PdfPages();
  const typed = `BT 0 g /sans 12 Tf 3 6 Td ${pdfString(value)} Tj ET`;
  const appearance = pdf.writer.add({
    entries: `/Type /XObject /Subtype /Form /BBox [0 0 ${width} ${height}] /Resources << ${pdf.fontResources} >>`,
    stream: Buffer.from(`/Tx BMC q ${typed} Q EMC`, "latin1"),
  });
  const field = pdf.writer.add({
    entries: [
      `/Type /Annot /Subtype /Widget /FT /Tx /T (patient) /V ${pdfString(value)} /DA (/sans 12 Tf 0 g) /F 4`,
      `/Rect [${left} ${bottom} ${left + width} ${bottom + height}] /AP << /N ${appearance} 0 R >>`,
    ].join(" "),
  });
  pdf.addPage({ ...a4, content: sheetContent(consentForm()), entries: `/Annots [${field} 0 R]` });
  const catalogEntries = `/AcroForm << /Fields [${field} 0 R] /DR << ${pdf.fontResources} >> /DA (/sans 12 Tf 0 g) >>`;
  return pdf.finish({ catalogEntries });
}
