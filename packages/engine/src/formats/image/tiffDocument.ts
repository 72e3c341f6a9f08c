import type { Limits } from "@quire/core";
import type { OpenedDocument } from "../openedDocument.ts";
import { decodeGrey, orientationRotation, unreadable } from "./decode.ts";
import { checkPixels } from "./imageSize.ts";
import { rasterPage } from "./rasterPage.ts";
import { readTiffPages } from "./tiffDirectories.ts";

/**
 * Opens a TIFF. Its pages are listed by their directories and decoded one at a time.
 *
 * @throws QuireError `corrupt_file`; `page_too_large` if no page is within the limit
 */
export async function openTiff(path: string, limits: Limits): Promise<OpenedDocument> {
  const pages = await readTiffPages(path);
  if (pages.every(({ width, height }) => width * height > limits.maxPagePixels)) {
    for (const { width, height } of pages) checkPixels(width, height, limits);
  }

  return {
    format: "tiff",
    pageCount: pages.length,
    async openPage(pageNumber) {
      const directory = pages[pageNumber - 1];
      if (!directory) throw new RangeError(`page ${pageNumber} of ${pages.length}`);
      const { index, width, height, dpiAcross, dpiDown, orientation } = directory;
      if (!(width > 0 && height > 0)) throw unreadable(new Error("the directory states no size"));
      checkPixels(width, height, limits);
      const stored = { path, page: index, maxPixels: limits.maxPagePixels };
      const header = { width, height, dpiAcross, dpiDown, rotation: orientationRotation(orientation) };
      return rasterPage(header, (size) => decodeGrey(stored, size));
    },
    async close() {},
  };
}
