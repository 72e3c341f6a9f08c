import sharp from "sharp";
import type { GreyImage } from "./greyImage.ts";
import type { Face, Mark, Sheet } from "./sheet.ts";

/** Fonts in the order wanted: librsvg takes the first that the machine's fontconfig knows. */
const sans = "Liberation Sans, Arial, Helvetica, DejaVu Sans, sans-serif";
const serif = "Liberation Serif, Times New Roman, Times, DejaVu Serif, serif";
const fonts: Record<Face, { readonly family: string; readonly weight: string }> = {
  sans: { family: sans, weight: "normal" },
  sansBold: { family: sans, weight: "bold" },
  serif: { family: serif, weight: "normal" },
  serifBold: { family: serif, weight: "bold" },
  mono: { family: "Liberation Mono, Courier New, DejaVu Sans Mono, monospace", weight: "normal" },
};

const pointsPerInch = 72;
const ruleWidthPoints = 0.8;

/**
 * Draws a sheet as a clean grey image.
 *
 * @param dpiDown resolution down the page, where it differs from the one across: fax pixels are not square
 */
export async function drawSheet(sheet: Sheet, dpi: number, dpiDown = dpi): Promise<GreyImage> {
  const width = Math.round((sheet.widthPoints / pointsPerInch) * dpi);
  const height = Math.round((sheet.heightPoints / pointsPerInch) * dpiDown);
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${sheet.widthPoints} ${sheet.heightPoints}" preserveAspectRatio="none">` +
    `<rect width="100%" height="100%" fill="#fff"/>${sheet.marks.map(element).join("")}</svg>`;
  const { data } = await sharp(Buffer.from(svg))
    .flatten({ background: "#ffffff" })
    .toColourspace("b-w")
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width, height, pixels: data };
}

function element(mark: Mark): string {
  switch (mark.kind) {
    case "text": {
      const { family, weight } = fonts[mark.face];
      return (
        `<text xml:space="preserve" x="${mark.x}" y="${mark.baseline}" font-family="${family}" font-weight="${weight}" ` +
        `font-size="${mark.size}" fill="${colour(mark.grey)}">${escapeXml(mark.text)}</text>`
      );
    }
    case "bar":
      return `<rect x="${mark.x}" y="${mark.y}" width="${mark.width}" height="${mark.height}" fill="${colour(mark.grey)}"/>`;
    case "rule": {
      const [x1, y1] = mark.from;
      const [x2, y2] = mark.to;
      return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#000" stroke-width="${ruleWidthPoints}"/>`;
    }
  }
}

function colour(grey: number): string {
  return `rgb(${grey},${grey},${grey})`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
