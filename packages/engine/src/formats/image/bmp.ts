import { open, readFile } from "node:fs/promises";
import { QuireError } from "@quire/core";
import { type GreyRaster, rgbaToGrey } from "../../raster/greyRaster.ts";
import { unreadable } from "./decode.ts";
import type { ImageHeader } from "./rasterPage.ts";

const inchesPerMetre = 39.3701;

/**
 * Reads a BMP's header: BITMAPCOREHEADER (12 bytes, OS/2) or BITMAPINFOHEADER and its successors.
 *
 * @throws QuireError `corrupt_file`
 */
export async function readBmpHeader(path: string): Promise<ImageHeader> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(54);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    const old = head.readUInt32LE(14) === 12;
    const width = old ? head.readUInt16LE(18) : Math.abs(head.readInt32LE(18));
    const height = old ? head.readUInt16LE(20) : Math.abs(head.readInt32LE(22));
    if (bytesRead < (old ? 26 : head.length) || width === 0 || height === 0) {
      throw new QuireError(
        "corrupt_file",
        "The BMP is damaged: its header is cut short. Export or scan it again.",
      );
    }
    const perMetre = (offset: number) => (old ? 0 : head.readInt32LE(offset));
    const dpi = (offset: number) => (perMetre(offset) > 0 ? perMetre(offset) / inchesPerMetre : undefined);
    return { width, height, dpiAcross: dpi(38), dpiDown: dpi(42), rotation: 0 };
  } finally {
    await file.close();
  }
}

/** Rows drawn at a time: RGBA costs four bytes a pixel, so the page is never held as RGBA at full size twice. */
const stripRows = 256;
const rgbaBytes = 4;

/**
 * Decodes a BMP, which sharp's libvips does not read, with Skia (which pdf.js brings along): palettes, RLE,
 * bit fields and OS/2 headers. Transparent parts are laid on white.
 *
 * @returns the rows at the size that is asked for, RGBA, some in each piece
 * @throws QuireError `page_unreadable`
 */
export async function* bmpRows(
  path: string,
  width: number,
  height: number,
): AsyncGenerator<Uint8ClampedArray> {
  try {
    const { createCanvas, loadImage } = await import("@napi-rs/canvas");
    const image = await loadImage(await readFile(path));
    const canvas = createCanvas(width, Math.min(stripRows, height));
    const context = canvas.getContext("2d");
    for (let top = 0; top < height; top += stripRows) {
      const rows = Math.min(stripRows, height - top);
      context.fillStyle = "#ffffff";
      context.fillRect(0, 0, width, rows);
      context.drawImage(image, 0, -top, width, height);
      yield context.getImageData(0, 0, width, rows).data;
    }
  } catch (cause) {
    throw unreadable(cause);
  }
}

/**
 * Decodes a BMP as grey at a size.
 *
 * @throws QuireError `page_unreadable`
 */
export async function decodeBmp(
  path: string,
  { width, height, dpi }: { readonly width: number; readonly height: number; readonly dpi: number },
): Promise<GreyRaster> {
  const pixels = new Uint8Array(width * height);
  let start = 0;
  for await (const rows of bmpRows(path, width, height)) {
    const end = start + rows.length / rgbaBytes;
    rgbaToGrey(rows, pixels.subarray(start, end));
    start = end;
  }
  return { width, height, dpi, pixels };
}
