import { type DocumentFormat, QuireError } from "@quire/core";
import {
  checkPixels,
  type ImageHeader,
  orientationRotation,
  readImageHeader,
  readTiffPages,
  TiffFile,
} from "@quire/engine/images";
import { bmpPicture } from "./pictures/bmpPicture.ts";
import { openFile } from "./pictures/byteSource.ts";
import { decodedPicture } from "./pictures/decodedPicture.ts";
import { jpegPicture } from "./pictures/jpegPicture.ts";
import type { Picture } from "./pictures/picture.ts";
import { pngPicture } from "./pictures/pngPicture.ts";
import { tiffPicture } from "./tiff/tiffPicture.ts";

/** A document of images, and how its pictures are wanted. */
export interface PictureSource {
  readonly path: string;
  readonly format: DocumentFormat;
  /** Whether only what ISO 19005-2 allows will do. */
  readonly archival: boolean;
  /** Larger pictures are left out: decoding them takes more memory than there is. */
  readonly maxPagePixels: number;
}

/** A page's picture; null where there is none that can be decoded, and no header where not even its size is known. */
export interface PagePicture {
  readonly header: ImageHeader | null;
  readonly picture: Picture | null;
}

/** The pictures of an open document, by page number from 1. What is open of it is released by `close`. */
export interface Pictures {
  readonly pageCount: number;
  page(pageNumber: number): Promise<PagePicture>;
  close(): Promise<void>;
}

/**
 * Opens a document of images, with the same pages as the engine reads.
 *
 * @throws QuireError `corrupt_file`
 */
export async function openPictures(source: PictureSource): Promise<Pictures> {
  return source.format === "tiff" ? openTiffPictures(source) : openImagePicture(source);
}

async function openTiffPictures({ path, archival, maxPagePixels }: PictureSource): Promise<Pictures> {
  const pages = await readTiffPages(path);
  const file = await TiffFile.open(path);
  return {
    pageCount: pages.length,
    async page(pageNumber) {
      const page = pages[pageNumber - 1];
      if (!page || !(page.width > 0 && page.height > 0)) return { header: null, picture: null };
      const header = { ...page, rotation: orientationRotation(page.orientation) };
      const source = { path, file, archival, maxPixels: maxPagePixels };
      return { header, picture: await decodable(header, maxPagePixels, () => tiffPicture(source, page)) };
    },
    close: () => file.close(),
  };
}

async function openImagePicture({ path, format, archival, maxPagePixels }: PictureSource): Promise<Pictures> {
  const header = await readImageHeader(path, format);
  const file = await openFile(path);
  const open = async () => {
    if (format === "bmp") return bmpPicture(path, header.width, header.height);
    const stored =
      format === "jpeg"
        ? await jpegPicture(file, archival)
        : format === "png"
          ? await pngPicture(file)
          : null;
    return stored ?? decodedPicture(path, 0, maxPagePixels);
  };
  return {
    pageCount: 1,
    page: async () => ({ header, picture: await decodable(header, maxPagePixels, open) }),
    close: () => file.close(),
  };
}

/** What cannot be decoded costs its page the picture, not the document. */
async function decodable(
  { width, height }: ImageHeader,
  maxPagePixels: number,
  open: () => Promise<Picture>,
): Promise<Picture | null> {
  try {
    checkPixels(width, height, { maxPagePixels });
    return await open();
  } catch (error) {
    if (error instanceof QuireError) return null;
    throw error;
  }
}
