import type { TiffDirectory, TiffEntry, TiffFile } from "@quire/engine/images";

/** How a page's samples are stored in a TIFF (TIFF 6.0, sections 3 to 9 and 15; TechNote 2 for JPEG). */
export interface TiffLayout {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly samples: number;
  readonly compression: number;
  readonly photometric: number;
  readonly fillOrder: number;
  readonly planar: boolean;
  readonly predictor: number;
  /** Whether samples are other than unsigned integers, of different depths, or more than the colour's. */
  readonly unusual: boolean;
  readonly segments: SegmentLayout;
  readonly palette: readonly number[];
  readonly jpegTables: Buffer | null;
  readonly profile: Buffer | null;
  readonly littleEndian: boolean;
}

/** Where the parts that are compressed on their own, strips or tiles, lie. */
export interface SegmentLayout {
  readonly tiled: boolean;
  readonly width: number;
  readonly height: number;
  readonly offsets: readonly number[];
  readonly byteCounts: readonly number[];
}

export const tiffTag = {
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  stripOffsets: 273,
  samples: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  planar: 284,
  predictor: 317,
  colorMap: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  extraSamples: 338,
  sampleFormat: 339,
  jpegTables: 347,
  profile: 34675,
} as const;

export const compressions = {
  none: 1,
  groupFour: 4,
  lzw: 5,
  oldJpeg: 6,
  jpeg: 7,
  deflate: 8,
  oldDeflate: 32946,
} as const;

export const photometrics = {
  whiteIsZero: 0,
  blackIsZero: 1,
  rgb: 2,
  palette: 3,
  cmyk: 5,
  ycbcr: 6,
} as const;

/** Rows of a strip, at 65,500 rows of one each in the tallest image that libvips reads. */
const maxSegments = 65_536;
/** Tables and profiles beyond this, in bytes, are not looked at. */
const maxValueBytes = 1024 * 1024;
const maxSamples = 16;
const unsignedInteger = 1;
const separatePlanes = 2;

/** The layout of a page, or null where its directory does not say where the samples are. */
export async function readLayout(file: TiffFile, page: TiffDirectory): Promise<TiffLayout | null> {
  const directory = await file.directory(page.offset);
  if (!directory) return null;
  const entry = (tag: number): TiffEntry | undefined => directory.entries.get(tag);
  const numbers = async (tag: number, most: number) => {
    const found = entry(tag);
    return found ? file.numbers(found, most) : [];
  };
  const first = async (tag: number, otherwise: number) => (await numbers(tag, 1))[0] ?? otherwise;
  const value = async (tag: number) => {
    const found = entry(tag);
    return found ? file.value(found, maxValueBytes) : null;
  };

  const tiled = entry(tiffTag.tileWidth) !== undefined;
  const segments: SegmentLayout = {
    tiled,
    width: tiled ? await first(tiffTag.tileWidth, 0) : page.width,
    height: tiled
      ? await first(tiffTag.tileHeight, 0)
      : Math.min(page.height, await first(tiffTag.rowsPerStrip, page.height)),
    // Some writers give tiles as strips.
    offsets: await numbers(
      entry(tiffTag.tileOffsets) ? tiffTag.tileOffsets : tiffTag.stripOffsets,
      maxSegments,
    ),
    byteCounts: await numbers(
      entry(tiffTag.tileByteCounts) ? tiffTag.tileByteCounts : tiffTag.stripByteCounts,
      maxSegments,
    ),
  };
  const { offsets, byteCounts } = segments;
  if (segments.width < 1 || segments.height < 1 || offsets.length === 0) return null;
  if (offsets.length !== byteCounts.length) return null;

  const samples = await first(tiffTag.samples, 1);
  const depths = await numbers(tiffTag.bitsPerSample, maxSamples);
  const formats = await numbers(tiffTag.sampleFormat, maxSamples);
  return {
    width: page.width,
    height: page.height,
    bitsPerSample: depths[0] ?? 1,
    samples,
    compression: await first(tiffTag.compression, compressions.none),
    photometric: await first(tiffTag.photometric, photometrics.whiteIsZero),
    fillOrder: await first(tiffTag.fillOrder, 1),
    planar: samples > 1 && (await first(tiffTag.planar, 1)) === separatePlanes,
    predictor: await first(tiffTag.predictor, 1),
    unusual:
      depths.some((depth) => depth !== depths[0]) ||
      formats.some((format) => format !== unsignedInteger) ||
      entry(tiffTag.extraSamples) !== undefined,
    segments,
    palette: await numbers(tiffTag.colorMap, 3 * 256),
    jpegTables: await value(tiffTag.jpegTables),
    profile: await value(tiffTag.profile),
    littleEndian: file.littleEndian,
  };
}
