import { type DocumentFormat, type Limits, QuireError } from "@quire/core";
import type { OpenedDocument } from "../openedDocument.ts";
import { decodeBmp, readBmpHeader } from "./bmp.ts";
import { decodeGrey, openSharp, orientationRotation } from "./decode.ts";
import { checkPixels } from "./imageSize.ts";
import { type ImageHeader, rasterPage } from "./rasterPage.ts";

/**
 * Opens a file that is one image: JPEG, PNG, WebP, GIF (first frame), BMP, AVIF.
 *
 * @throws QuireError `corrupt_file`, `page_too_large`
 */
export async function openImage(
  path: string,
  format: DocumentFormat,
  limits: Limits,
): Promise<OpenedDocument> {
  const stored = { path, page: 0, maxPixels: limits.maxPagePixels };
  const header = await readImageHeader(path, format);
  checkPixels(header.width, header.height, limits);
  const page = rasterPage(header, (size) =>
    format === "bmp" ? decodeBmp(path, size) : decodeGrey(stored, size),
  );
  return { format, pageCount: 1, openPage: async () => page, async close() {} };
}

/** What libvips decodes as a whole, however it is stored. */
const wholeFormats: readonly DocumentFormat[] = ["gif", "avif"];

/**
 * What the file of one image says of it, without decoding it.
 *
 * @throws QuireError `corrupt_file`
 */
export async function readImageHeader(path: string, format: DocumentFormat): Promise<ImageHeader> {
  if (format === "bmp") return readBmpHeader(path);
  try {
    // The header alone may state any size: the limit is checked with the figures, by the caller.
    const { width, height, density, orientation, isProgressive } = await openSharp({
      path,
      page: 0,
      maxPixels: 0,
    }).metadata();
    return {
      width,
      height,
      dpiAcross: density,
      dpiDown: density,
      rotation: orientationRotation(orientation),
      orientation,
      whole: isProgressive || wholeFormats.includes(format),
    };
  } catch (cause) {
    throw new QuireError(
      "corrupt_file",
      "The image is damaged: its header cannot be read. Export or scan it again.",
      {
        cause,
      },
    );
  }
}
