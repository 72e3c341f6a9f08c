import type { PageResult } from "@quire/core";
import { ImagesPdf, type ImagesPdfOptions } from "./imagesPdf.ts";
import { openPictures, type PictureSource } from "./openPictures.ts";

/** A document of images that is to become a PDF. */
export type ImagesToPdf = PictureSource & ImagesPdfOptions;

/**
 * Writes a searchable PDF of a document of images: each page's picture as it is stored where a PDF can carry that, else
 * without loss, and invisible text where it was read. Pages without a result have their picture alone.
 *
 * Pages go out as their results come in; what grows with them is where each object stands.
 *
 * @param results in the order of the pages; some may be missing
 * @throws QuireError `corrupt_file`
 */
export async function* writePdfFromImages(
  source: ImagesToPdf,
  results: AsyncIterable<PageResult>,
): AsyncGenerator<Uint8Array> {
  const pictures = await openPictures(source);
  try {
    const writer = new ImagesPdf(source);
    yield* writer.begin();
    let next = 1;
    for await (const result of results) {
      for (; next < result.pageNumber && next < pictures.pageCount; next++) {
        yield* writer.page(await pictures.page(next));
      }
      if (result.pageNumber !== next || next > pictures.pageCount) continue;
      yield* writer.page(await pictures.page(next), result);
      next++;
    }
    for (; next <= pictures.pageCount; next++) yield* writer.page(await pictures.page(next));
    yield* writer.end();
  } finally {
    await pictures.close();
  }
}
