import { sharp, type TiffFile } from "@quire/engine/images";
import { usableProfile } from "../colour/iccProfile.ts";
import { flateRows } from "../encode/flateRows.ts";
import { groupFour } from "../encode/groupFour.ts";
import { componentsOf, type Picture } from "../pictures/picture.ts";
import { bandsOf } from "./bands.ts";
import { partialTiff } from "./partialTiff.ts";
import { photometrics, type TiffLayout } from "./tiffLayout.ts";

const white = 255;
const deep = 16;

/** What libvips is to make of each band. */
interface Decoding {
  readonly space: "grey" | "rgb";
  readonly bytesPerSample: number;
  /** Colours as they stand in the file, because its profile goes into the PDF. */
  readonly keepColours: boolean;
}

/**
 * A page decoded band by band and compressed without loss: black and white in Group 4, all else by Flate. A band that
 * cannot be decoded is left white, as a page that is cut short is read.
 */
export function bandedPicture(
  file: TiffFile,
  offset: number,
  layout: TiffLayout,
  maxPixels: number,
): Picture {
  const { width, height, photometric } = layout;
  const grey = photometric === photometrics.whiteIsZero || photometric === photometrics.blackIsZero;
  const space = grey ? "grey" : "rgb";
  const plain = grey || photometric === photometrics.rgb;
  const profile = plain ? usableProfile(layout.profile, space) : null;
  const bilevel = layout.bitsPerSample === 1 && layout.samples === 1 && grey;
  const bytesPerSample = plain && layout.bitsPerSample === deep ? 2 : 1;
  const decoding = { space, bytesPerSample, keepColours: profile !== null } as const;
  const rows = () => decodedRows(file, offset, layout, decoding, maxPixels);
  if (bilevel) {
    return {
      width,
      height,
      colour: { space: "grey", profile: null },
      bitsPerComponent: 1,
      coding: `/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns ${width} /Rows ${height} >>`,
      bytes: () => groupFour(rows(), width),
    };
  }
  const colours = componentsOf[space];
  const bitsPerComponent = bytesPerSample * 8;
  const pixelBytes = colours * bytesPerSample;
  return {
    width,
    height,
    colour: { space, profile },
    bitsPerComponent,
    coding: `/Filter /FlateDecode /DecodeParms << /Predictor 15 /Colors ${colours} /BitsPerComponent ${bitsPerComponent} /Columns ${width} >>`,
    bytes: () => flateRows(rows(), width * pixelBytes, pixelBytes),
  };
}

async function* decodedRows(
  file: TiffFile,
  offset: number,
  layout: TiffLayout,
  decoding: Decoding,
  maxPixels: number,
): AsyncGenerator<Uint8Array> {
  const pixelBytes = componentsOf[decoding.space] * decoding.bytesPerSample;
  for (const band of bandsOf(layout)) {
    const bytes = layout.width * band.rows * pixelBytes;
    const rows = await decodeBand(await partialTiff(file, offset, layout, band), decoding, maxPixels);
    yield rows?.length === bytes ? rows : Buffer.alloc(bytes, white);
  }
}

/** The samples of a band in the order that PDF has them, or null where it cannot be decoded. */
async function decodeBand(
  tiff: Buffer,
  { space, bytesPerSample, keepColours }: Decoding,
  maxPixels: number,
): Promise<Buffer | null> {
  const twoBytes = bytesPerSample === 2;
  const colourspace = space === "grey" ? (twoBytes ? "grey16" : "b-w") : twoBytes ? "rgb16" : "srgb";
  try {
    const image = sharp(tiff, { failOn: "none", limitInputPixels: maxPixels, ignoreIcc: keepColours });
    const samples = await image
      .flatten({ background: "#ffffff" })
      .toColourspace(colourspace)
      .raw({ depth: twoBytes ? "ushort" : "uchar" })
      .toBuffer();
    // libvips has them in the machine's order, PDF the highest byte first.
    return twoBytes && littleEndianMachine ? samples.swap16() : samples;
  } catch {
    return null;
  }
}

const littleEndianMachine = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
