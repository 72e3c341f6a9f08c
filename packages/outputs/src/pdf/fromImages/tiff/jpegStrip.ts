import type { TiffFile } from "@quire/engine/images";
import { bufferSource } from "../pictures/byteSource.ts";
import { readJpegHeader } from "../pictures/jpegHeader.ts";
import type { Picture } from "../pictures/picture.ts";
import { readSegment } from "./segment.ts";
import { compressions, photometrics, type TiffLayout } from "./tiffLayout.ts";

/** Of a JPEG's beginning, in bytes, what holds its header: tables take 600. */
const headBytes = 64 * 1024;
const startOfImage = Buffer.from([0xff, 0xd8]);
const markerBytes = 2;

/**
 * The one strip or tile of a page that is compressed as JPEG, with the tables that the TIFF keeps beside it put back
 * before it (TIFF TechNote 2), or null where a PDF would decode it to something else.
 */
export async function jpegStrip(file: TiffFile, layout: TiffLayout): Promise<Picture | null> {
  const { segments, width, height, photometric, samples } = layout;
  if (layout.compression !== compressions.jpeg || segments.offsets.length !== 1) return null;
  const grey = samples === 1 && photometric === photometrics.blackIsZero;
  const colour = samples === 3 && (photometric === photometrics.ycbcr || photometric === photometrics.rgb);
  if (!grey && !colour) return null;

  const tables = layout.jpegTables?.subarray(markerBytes, -markerBytes) ?? Buffer.alloc(0);
  const start = segments.offsets[0] as number;
  const head = Buffer.concat([startOfImage, tables, await file.bytes(start + markerBytes, headBytes)]);
  const header = await readJpegHeader(bufferSource(head));
  // libtiff goes by the photometry; a marker that says how colours are coded would be believed by others.
  if (!header?.common || header.width !== width || header.height !== height) return null;
  if (header.components !== samples || header.adobeTransform !== null || header.jfif) return null;
  const plain = photometric === photometrics.rgb ? " /DecodeParms << /ColorTransform 0 >>" : "";
  return {
    width,
    height,
    colour: { space: grey ? "grey" : "rgb", profile: null },
    bitsPerComponent: 8,
    coding: `/Filter /DCTDecode${plain}`,
    async *bytes() {
      yield startOfImage;
      yield tables;
      yield* readSegment(file, start + markerBytes, (segments.byteCounts[0] as number) - markerBytes);
    },
  };
}
