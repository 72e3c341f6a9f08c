import type { Bilevel } from "./binarise.ts";
import type { GreyRaster } from "./greyRaster.ts";

/** A page as PBM (P4): Tesseract reads it without decoding. */
export function encodePbm(bilevel: Bilevel): Uint8Array {
  return withHeader(`P4\n${bilevel.width} ${bilevel.height}\n`, bilevel.bits);
}

/** A page as PGM (P5). */
export function encodePgm(raster: GreyRaster): Uint8Array {
  return withHeader(`P5\n${raster.width} ${raster.height}\n255\n`, raster.pixels);
}

function withHeader(header: string, body: Uint8Array): Uint8Array {
  const head = new TextEncoder().encode(header);
  const file = new Uint8Array(head.length + body.length);
  file.set(head);
  file.set(body, head.length);
  return file;
}
