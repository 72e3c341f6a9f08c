import { usableProfile } from "../colour/iccProfile.ts";
import type { Picture, PictureColour } from "../pictures/picture.ts";
import { componentsOf } from "../pictures/picture.ts";
import { compressions, photometrics, type TiffLayout } from "./tiffLayout.ts";

/** What of a picture the way its strip is stored decides. */
export type StripCoding = Pick<Picture, "colour" | "bitsPerComponent" | "coding">;

const reversedBits = 2;
const differencing = 2;
/** ISO 32000-1 has these; a predictor is left to what all readers do, whole bytes. */
const depths: readonly number[] = [1, 2, 4, 8, 16];
const inBytes = 8;
const spaces: Readonly<Record<number, PictureColour["space"]>> = {
  [photometrics.whiteIsZero]: "grey",
  [photometrics.blackIsZero]: "grey",
  [photometrics.rgb]: "rgb",
  [photometrics.palette]: "rgb",
  [photometrics.cmyk]: "cmyk",
};

/**
 * How a PDF decodes the one strip of a page as it is stored, or null where it does not: several strips or tiles, another
 * compression, transparency, samples that are no plain integers in PDF's byte order.
 *
 * @param firstBytes of the strip
 * @param archival by ISO 19005-2: no LZW, and process colours only with a profile
 */
export function storedStrip(layout: TiffLayout, firstBytes: Buffer, archival: boolean): StripCoding | null {
  const { segments, bitsPerSample, photometric } = layout;
  if (segments.tiled || segments.offsets.length !== 1 || layout.planar || layout.unusual) return null;
  if (layout.compression === compressions.groupFour) return groupFourStrip(layout);
  if (layout.fillOrder === reversedBits || !depths.includes(bitsPerSample)) return null;
  if (bitsPerSample > inBytes && layout.littleEndian) return null;
  const filter = filterOf(layout, firstBytes, archival);
  const space = spaces[photometric];
  const indexed = photometric === photometrics.palette;
  if (!filter || !space || layout.samples !== (indexed ? 1 : componentsOf[space])) return null;
  if (indexed && (bitsPerSample > inBytes || layout.palette.length !== 3 << bitsPerSample)) return null;
  if (layout.predictor > 1 && (layout.predictor !== differencing || bitsPerSample !== inBytes)) return null;
  const profile = usableProfile(layout.profile, space, archival);
  if (archival && space === "cmyk" && !profile) return null;

  const parameters =
    layout.predictor === differencing
      ? ` /DecodeParms << /Predictor 2 /Colors ${layout.samples} /BitsPerComponent ${bitsPerSample} /Columns ${layout.width} >>`
      : "";
  const inverted = photometric === photometrics.whiteIsZero ? " /Decode [1 0]" : "";
  return {
    colour: indexed ? { space, profile, palette: paletteOf(layout) } : { space, profile },
    bitsPerComponent: bitsPerSample,
    coding: `/Filter /${filter}${parameters}${inverted}`,
  };
}

function groupFourStrip(layout: TiffLayout): StripCoding | null {
  const { photometric, bitsPerSample, samples, width, height } = layout;
  if (bitsPerSample !== 1 || samples !== 1 || layout.fillOrder === reversedBits) return null;
  if (photometric !== photometrics.whiteIsZero && photometric !== photometrics.blackIsZero) return null;
  // T.6 codes runs of white and black; in a TIFF a run of white is of zeros, whatever these mean.
  const zeroIsBlack = photometric === photometrics.blackIsZero ? " /BlackIs1 true" : "";
  return {
    colour: { space: "grey", profile: null },
    bitsPerComponent: 1,
    coding: `/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns ${width} /Rows ${height}${zeroIsBlack} >>`,
  };
}

function filterOf({ compression }: TiffLayout, firstBytes: Buffer, archival: boolean): string | null {
  if (compression === compressions.deflate || compression === compressions.oldDeflate) return "FlateDecode";
  if (compression !== compressions.lzw || archival) return null;
  // Writers before TIFF 6.0 put the lowest bit first: their clear code, 256, then reads 00 01.
  const old = firstBytes[0] === 0 && ((firstBytes[1] ?? 0) & 1) === 1;
  return old ? null : "LZWDecode";
}

/** TIFF has all reds, then all greens, then all blues, in 16 bits. */
function paletteOf({ palette }: TiffLayout): Buffer {
  const colours = palette.length / 3;
  const bytes = Array.from({ length: palette.length }, (_, index) => {
    const value = palette[(index % 3) * colours + Math.floor(index / 3)] as number;
    return value >>> 8;
  });
  return Buffer.from(bytes);
}
