import { QuireError } from "@quire/core";
import type { GreyRaster } from "../../raster/greyRaster.ts";
import { type Sharp, sharp } from "../../raster/sharp.ts";
import type { Rotation } from "../openedDocument.ts";

/** Which page of which file, and how it is stored. */
export interface StoredImage {
  readonly path: string;
  /** Page of a multi-page file, from 0. */
  readonly page: number;
  readonly maxPixels: number;
}

/**
 * Opens an image in sharp. `failOn: "none"`: a damaged image is read as far as it goes, as a person would.
 * sharp decodes in rows where the format allows, and colours, depth and transparency are dealt with on the way.
 */
export function openSharp({ path, page, maxPixels }: StoredImage): Sharp {
  return sharp(path, { page, failOn: "none", limitInputPixels: maxPixels, sequentialRead: true });
}

/**
 * Decodes one stored image as upright grey at a size.
 *
 * @throws QuireError `page_unreadable`
 */
export async function decodeGrey(
  image: StoredImage,
  size: { readonly width: number; readonly height: number; readonly dpi: number },
): Promise<GreyRaster> {
  const { width, height, dpi } = size;
  try {
    const decoded = await openSharp(image)
      .autoOrient()
      .flatten({ background: "#ffffff" })
      .resize(width, height, { fit: "fill", kernel: "cubic", fastShrinkOnLoad: true })
      .toColourspace("b-w")
      .extractChannel(0)
      .raw({ depth: "uchar" })
      .toBuffer();
    if (decoded.length !== width * height)
      throw new Error(`${decoded.length} bytes for ${width} × ${height} pixels`);
    // A copy: a Buffer of sharp's cannot be handed over to a thread, and each toUint8Array leaks the image (sharp 0.35.5).
    return { width, height, dpi, pixels: new Uint8Array(decoded) };
  } catch (cause) {
    throw unreadable(cause);
  }
}

export function unreadable(cause: unknown): QuireError {
  return new QuireError(
    "page_unreadable",
    "The image data of this page cannot be decoded. Scan or export it again.",
    {
      cause,
    },
  );
}

/**
 * The clockwise turn that brings an image with this EXIF or TIFF orientation upright (TIFF 6.0, tag 274).
 * Mirrored orientations (2, 4, 5, 7) are unmirrored by the decoder as well.
 */
export function orientationRotation(orientation: number | undefined): Rotation {
  if (orientation === 3 || orientation === 4) return 180;
  if (orientation === 5 || orientation === 6) return 90;
  if (orientation === 7 || orientation === 8) return 270;
  return 0;
}
