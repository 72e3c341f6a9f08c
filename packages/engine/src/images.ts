/**
 * Documents that are images, as the engine sees them: their pages, sizes and decoding. For what writes their pages
 * anew, in a process of its own: it loads libvips, which touches a stranger's file.
 */
export { bmpRows } from "./formats/image/bmp.ts";
export { openSharp, orientationRotation } from "./formats/image/decode.ts";
export { readImageHeader } from "./formats/image/imageDocument.ts";
export { checkPixels } from "./formats/image/imageSize.ts";
export { type ImageHeader, imagePageSize, type PageSize } from "./formats/image/rasterPage.ts";
export { readTiffPages, type TiffDirectory } from "./formats/image/tiffDirectories.ts";
export { type TiffEntry, TiffFile } from "./formats/image/tiffFile.ts";
export type { Rotation } from "./formats/openedDocument.ts";
export { sharp } from "./raster/sharp.ts";
