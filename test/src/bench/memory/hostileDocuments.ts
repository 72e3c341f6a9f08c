import { deflateSync } from "node:zlib";
import { type JpegImage, PdfPages } from "../../samples/pdfPages.ts";
import { PdfWriter } from "../../samples/pdfWriter.ts";
import { encodeZeroPng } from "../../samples/zeroPng.ts";
import type { MadeDocuments } from "./madeDocuments.ts";

/** 900 million pixels: 2.7 GB in colours, 110 KB on disk. */
const hugeSide = 30_000;
/** As many as `MAX_PAGE_MEGAPIXELS` allows: nobody refuses it beforehand. */
const largestAllowedSide = 10_000;
/** The largest side that PDF 1.7 has (ISO 32000-1, annex C.2): 200 inches. */
const widestPoints = 14_400;
const strokeCount = 40;

/** Small files with a page that wants gigabytes, or as much as a page may want. */
export async function writeHostileDocuments(made: MadeDocuments): Promise<string[]> {
  const [scan] = (await made.scans()) as [JpegImage];
  return [
    made.write("huge.png", encodeZeroPng(hugeSide, hugeSide)),
    made.write("huge-image.pdf", imagePdf(hugeSide)),
    made.write("wide.pdf", widePdf(scan)),
    made.write("largest-allowed.png", encodeZeroPng(largestAllowedSide, largestAllowedSide)),
    made.write("largest-allowed.pdf", imagePdf(largestAllowedSide)),
  ];
}

/** An A4 page that is one white image of one bit a pixel. */
function imagePdf(side: number): Buffer {
  const pdf = new PdfWriter();
  const [catalog, tree] = [pdf.reserve(), pdf.reserve()];
  const image = pdf.add({
    entries:
      `/Type /XObject /Subtype /Image /Width ${side} /Height ${side} ` +
      "/ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /FlateDecode",
    stream: deflateSync(Buffer.alloc(Math.ceil(side / 8) * side, 0xff)),
  });
  const contents = pdf.add({ entries: "", stream: Buffer.from("595 0 0 842 0 0 cm /scan Do", "latin1") });
  const page = pdf.add({
    entries:
      `/Type /Page /Parent ${tree} 0 R /MediaBox [0 0 595 842] ` +
      `/Resources << /XObject << /scan ${image} 0 R >> >> /Contents ${contents} 0 R`,
  });
  pdf.set(tree, { entries: `/Type /Pages /Kids [${page} 0 R] /Count 1` });
  pdf.set(catalog, { entries: `/Type /Catalog /Pages ${tree} 0 R` });
  return pdf.finish(catalog);
}

/** A scan on a page of 200 inches, with lines across all of it. */
function widePdf(image: JpegImage): Buffer {
  const strokes = Array.from({ length: strokeCount }, (_, stroke) => {
    const y = (stroke * widestPoints) / strokeCount;
    return `0 ${y} m ${widestPoints} ${y} l S`;
  });
  const pdf = new PdfPages();
  pdf.addPage({ widthPoints: widestPoints, heightPoints: widestPoints, image, content: strokes.join(" ") });
  return pdf.finish();
}
