import type { Bilevel } from "./binarise.ts";
import type { GreyRaster } from "./greyRaster.ts";

/** A page as the recogniser is to get it: in one bit a pixel, or in grey. */
export type PageImage = Bilevel | GreyRaster;

/** A page as Tesseract reads it without decoding: PBM (P4) or PGM (P5). */
export function encodeNetpbm(image: PageImage): Uint8Array<ArrayBuffer> {
  return "bits" in image
    ? withHeader(`P4\n${image.width} ${image.height}\n`, image.bits)
    : withHeader(`P5\n${image.width} ${image.height}\n255\n`, image.pixels);
}

function withHeader(header: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(header);
  const file = new Uint8Array(head.length + body.length);
  file.set(head);
  file.set(body, head.length);
  return file;
}
