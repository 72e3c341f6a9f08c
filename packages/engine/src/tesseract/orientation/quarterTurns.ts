import type { Box, Orientation } from "@quire/core";
import type { Bilevel } from "../../raster/binarise.ts";
import type { GreyRaster } from "../../raster/greyRaster.ts";
import type { PageImage } from "../../raster/netpbm.ts";
import type { Size } from "./straighten.ts";

/**
 * A copy of a part of a page, turned clockwise; nothing is lost by it.
 *
 * @param part whole pixels within the page
 */
export function cutTurned(image: PageImage, part: Box, turn: Orientation): PageImage {
  return "bits" in image ? cutBits(image, part, turn) : cutPixels(image, part, turn);
}

/** A copy of a page, turned clockwise; the page itself where there is nothing to turn. */
export function turned(image: PageImage, turn: Orientation): PageImage {
  if (turn === 0) return image;
  return cutTurned(image, { x: 0, y: 0, width: image.width, height: image.height }, turn);
}

/** A box on a page that was turned clockwise, as it lies on the page before. `page`: the size before. */
export function turnBoxBack({ x, y, width, height }: Box, page: Size, turn: Orientation): Box {
  if (turn === 90) return { x: y, y: page.height - x - width, width: height, height: width };
  if (turn === 180) return { x: page.width - x - width, y: page.height - y - height, width, height };
  if (turn === 270) return { x: page.width - y - height, y: x, width: height, height: width };
  return { x, y, width, height };
}

/** Where in a turned copy of `stride` pixels a row (bytes × 8 for bits) a place of the part comes to lie. */
function placeOf({ width, height }: Size, turn: Orientation, stride: number) {
  if (turn === 90) return { origin: height - 1, right: stride, down: -1 };
  if (turn === 180) return { origin: (height - 1) * stride + width - 1, right: -1, down: -stride };
  if (turn === 270) return { origin: (width - 1) * stride, right: -stride, down: 1 };
  return { origin: 0, right: 1, down: stride };
}

function sizeTurned({ width, height }: Size, turn: Orientation): Size {
  return turn % 180 === 0 ? { width, height } : { width: height, height: width };
}

function cutPixels({ width, dpi, pixels }: GreyRaster, part: Box, turn: Orientation): GreyRaster {
  const size = sizeTurned(part, turn);
  const copy = new Uint8Array(size.width * size.height);
  const { origin, right, down } = placeOf(part, turn, size.width);
  for (let y = 0; y < part.height; y++) {
    const source = (part.y + y) * width + part.x;
    let target = origin + y * down;
    for (let x = 0; x < part.width; x++, target += right) copy[target] = pixels[source + x] as number;
  }
  return { ...size, dpi, pixels: copy };
}

/** Most of a page is white: only its ink is carried over. */
function cutBits({ rowBytes, bits }: Bilevel, part: Box, turn: Orientation): Bilevel {
  const size = sizeTurned(part, turn);
  const turnedRowBytes = (size.width + 7) >> 3;
  const copy = new Uint8Array(turnedRowBytes * size.height);
  const { origin, right, down } = placeOf(part, turn, turnedRowBytes * 8);
  let blackPixels = 0;
  for (let y = 0; y < part.height; y++) {
    const row = (part.y + y) * rowBytes;
    const end = part.x + part.width;
    for (let byte = part.x >> 3; byte < (end + 7) >> 3; byte++) {
      const packed = bits[row + byte] as number;
      if (packed === 0) continue;
      for (let bit = 0; bit < 8; bit++) {
        const x = byte * 8 + bit;
        if ((packed & (128 >> bit)) === 0 || x < part.x || x >= end) continue;
        const target = origin + (x - part.x) * right + y * down;
        copy[target >> 3] = (copy[target >> 3] as number) | (128 >> (target & 7));
        blackPixels++;
      }
    }
  }
  return { ...size, rowBytes: turnedRowBytes, bits: copy, blackPixels };
}
