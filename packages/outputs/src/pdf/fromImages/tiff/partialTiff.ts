import type { TiffFile } from "@quire/engine/images";
import { type Band, bandSamples } from "./bands.ts";
import { DirectoryWriter } from "./directoryWriter.ts";
import { type TiffLayout, tiffTag } from "./tiffLayout.ts";

/**
 * What decoding needs besides sizes and places, which are said anew: depths, compression, photometry, fill order,
 * planes, predictor, palette, inks, kinds of samples, JPEG tables, YCbCr. Orientation is the page's affair.
 */
const kept = [258, 259, 262, 266, 277, 284, 292, 293, 317, 320, 332, 334, 338, 339, 347, 529, 530, 531, 532];
const tag = { width: 256, height: 257 };
/** Of a kept value, in bytes: palettes have 1.5 KB, JPEG's tables 0.6. */
const maxValueBytes = 64 * 1024;
/** Compressed data is hardly larger than what it holds; a count that says so is damage or an attack. */
const maxSegmentBytes = 4 * bandSamples;

/**
 * A TIFF in memory that has a band of a page alone, which libtiff decodes as it would within the whole: strips and
 * tiles know nothing of each other.
 *
 * @param offset of the page's directory
 */
export async function partialTiff(
  file: TiffFile,
  offset: number,
  layout: TiffLayout,
  band: Band,
): Promise<Buffer> {
  const directory = await file.directory(offset);
  const { segments, width, samples, bitsPerSample } = layout;
  const plainBytes = (segments.width * band.segmentHeight * samples * bitsPerSample) / 8;
  const most = Math.max(maxSegmentBytes, 2 * plainBytes);
  const writer = new DirectoryWriter(layout.littleEndian);
  const places: number[] = [];
  const lengths: number[] = [];
  for (const [index, at] of band.offsets.entries()) {
    const part = await file.bytes(at, Math.min(band.byteCounts[index] as number, most));
    places.push(writer.place(part));
    lengths.push(part.length);
  }
  writer.numbers(tag.width, [width]);
  writer.numbers(tag.height, [band.rows]);
  for (const name of kept) {
    const entry = directory?.entries.get(name);
    if (entry) writer.value(name, entry.type, entry.count, await file.value(entry, maxValueBytes));
  }
  if (segments.tiled) {
    writer.numbers(tiffTag.tileWidth, [segments.width]);
    writer.numbers(tiffTag.tileHeight, [segments.height]);
    writer.numbers(tiffTag.tileOffsets, places);
    writer.numbers(tiffTag.tileByteCounts, lengths);
  } else {
    writer.numbers(tiffTag.rowsPerStrip, [band.segmentHeight]);
    writer.numbers(tiffTag.stripOffsets, places);
    writer.numbers(tiffTag.stripByteCounts, lengths);
  }
  return writer.finish();
}
