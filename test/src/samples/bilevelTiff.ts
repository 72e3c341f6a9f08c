import sharp from "sharp";
import type { GreyImage } from "./greyImage.ts";

const millimetresPerInch = 25.4;

/** Encodes pages of one size as a TIFF of one bit a pixel, CCITT Group 4, as scanners and fax servers write it. */
export function encodeBilevelTiff(
  pages: readonly GreyImage[],
  dpi: { readonly across: number; readonly down: number },
): Promise<Buffer> {
  const [{ width, height }] = pages as [GreyImage];
  // One tall image with a page height is libvips's way to say "pages".
  const stacked = Buffer.concat(pages.map(({ pixels }) => pixels));
  return sharp(stacked, { raw: { width, height: height * pages.length, channels: 1, pageHeight: height } })
    .toColourspace("b-w")
    .tiff({
      compression: "ccittfax4",
      bitdepth: 1,
      miniswhite: true,
      xres: dpi.across / millimetresPerInch,
      yres: dpi.down / millimetresPerInch,
    })
    .toBuffer();
}

/** Points the last directory of a little-endian TIFF back at its first one: a chain that never ends. */
export function loopDirectories(tiff: Buffer): Buffer {
  const looped = Buffer.from(tiff);
  const first = looped.readUInt32LE(4);
  let offset = first;
  for (;;) {
    const entryBytes = 12;
    const link = offset + 2 + looped.readUInt16LE(offset) * entryBytes;
    const next = looped.readUInt32LE(link);
    if (next === 0) {
      looped.writeUInt32LE(first, link);
      return looped;
    }
    offset = next;
  }
}
