import type { TiffDirectory, TiffFile } from "@quire/engine/images";
import { decodedPicture } from "../pictures/decodedPicture.ts";
import type { Picture } from "../pictures/picture.ts";
import { bandedPicture } from "./bandedPicture.ts";
import { jpegStrip } from "./jpegStrip.ts";
import { readSegment } from "./segment.ts";
import { storedStrip } from "./storedStrip.ts";
import { compressions, readLayout } from "./tiffLayout.ts";

/** Of a strip, what tells how it was written. */
const tellingBytes = 4;

/** A TIFF that is open, and how its pages are to be taken over. */
export interface TiffSource {
  readonly path: string;
  readonly file: TiffFile;
  readonly archival: boolean;
  readonly maxPixels: number;
}

/**
 * A page's picture: its one strip as it is, where a PDF can decode that; else decoded and compressed without loss.
 *
 * @throws QuireError `page_unreadable`
 */
export async function tiffPicture(source: TiffSource, page: TiffDirectory): Promise<Picture> {
  const { path, file, archival, maxPixels } = source;
  const layout = await readLayout(file, page);
  // Old JPEG's tables lie somewhere in the file: libtiff has to see all of it.
  if (!layout || layout.compression === compressions.oldJpeg) {
    return decodedPicture(path, page.index, maxPixels);
  }
  const jpeg = await jpegStrip(file, layout);
  if (jpeg) return jpeg;

  const start = layout.segments.offsets[0] as number;
  const length = layout.segments.byteCounts[0] as number;
  const coding = storedStrip(layout, await file.bytes(start, tellingBytes), archival);
  const whole = start + length <= (await file.sizeBytes());
  if (coding && whole) {
    const { width, height } = layout;
    return { width, height, ...coding, bytes: () => readSegment(file, start, length) };
  }
  return bandedPicture(file, page.offset, layout, maxPixels);
}
