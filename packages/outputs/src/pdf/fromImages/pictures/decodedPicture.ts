import { QuireError } from "@quire/core";
import { openSharp } from "@quire/engine/images";
import { bufferSource } from "./byteSource.ts";
import type { Picture } from "./picture.ts";
import { pngPicture } from "./pngPicture.ts";

/** As libvips names samples of 16 bits. */
const deepFormat = "ushort";
const compressionLevel = 6;

/**
 * Any picture that libvips decodes, without loss: it writes a PNG, row by row where the format allows that, whose
 * data the PDF takes. Transparent parts are laid on white; colours come out as sRGB or grey. What is held is the
 * compressed picture.
 *
 * @throws QuireError `page_unreadable`
 */
export async function decodedPicture(path: string, page: number, maxPixels: number): Promise<Picture> {
  try {
    const image = openSharp({ path, page, maxPixels });
    const { depth, space } = await openSharp({ path, page, maxPixels }).metadata();
    const grey = space === "b-w" || space === "grey16";
    const deep = depth === deepFormat;
    const png = await image
      .flatten({ background: "#ffffff" })
      .toColourspace(grey ? (deep ? "grey16" : "b-w") : deep ? "rgb16" : "srgb")
      .png({ compressionLevel, adaptiveFiltering: true })
      .toBuffer();
    const picture = await pngPicture(bufferSource(png));
    if (!picture) throw new Error("the PNG has transparency");
    return picture;
  } catch (cause) {
    throw new QuireError(
      "page_unreadable",
      "The image data of this page cannot be decoded. Scan or export it again.",
      { cause },
    );
  }
}
