import type { OpenedPage } from "../formats/openedDocument.ts";
import { maxPreviewBytes } from "../protocol.ts";
import type { GreyRaster } from "../raster/greyRaster.ts";
import { textLayerDpi } from "./pageResults.ts";
import type { Room } from "./room.ts";

/*
 * Pictures of pages, for people to look at. A page is read whether or not there is one of it: where one cannot be made,
 * or what it takes is not free, there is none.
 */

/** It loads libvips, which a PDF is read without. */
const loadPreview = () => import("../raster/preview.ts");

/**
 * The picture of a page that is rasterised for the recogniser. To be awaited before the raster is prepared for it, which
 * changes the raster.
 */
export async function pictureOf(raster: GreyRaster, room: Room): Promise<GreyRaster | null> {
  return orNull(async () => {
    const { encodingBytes, shrinkToPreview } = await loadPreview();
    return (await room.has(encodingBytes)) ? shrinkToPreview(raster) : null;
  });
}

/** The picture of a page that is not rasterised otherwise: drawn in its size, and no finer than its box space. */
export async function drawPicture(page: OpenedPage, room: Room): Promise<GreyRaster | null> {
  return orNull(async () => {
    const { encodingBytes, previewSidePixels } = await loadPreview();
    if (!(await room.has(encodingBytes))) return null;
    const longerInches = Math.max(page.widthInches, page.heightInches);
    return page.rasterise(Math.min(textLayerDpi, previewSidePixels / longerInches));
  });
}

/** A picture as it is handed over. */
export async function toPreview(picture: GreyRaster | null): Promise<Uint8Array | null> {
  return orNull(async () => {
    if (!picture) return null;
    const { encodePreview } = await loadPreview();
    const preview = await encodePreview(picture);
    return preview.byteLength <= maxPreviewBytes ? preview : null;
  });
}

async function orNull<T>(make: () => Promise<T | null>): Promise<T | null> {
  try {
    return await make();
  } catch {
    return null;
  }
}
