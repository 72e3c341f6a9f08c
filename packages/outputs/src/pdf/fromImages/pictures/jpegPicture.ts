import { usableProfile } from "../colour/iccProfile.ts";
import { type ByteSource, readRange } from "./byteSource.ts";
import { type JpegHeader, readJpegHeader } from "./jpegHeader.ts";
import type { Picture, PictureColour } from "./picture.ts";

const spaces: Readonly<Record<number, PictureColour["space"]>> = { 1: "grey", 3: "rgb", 4: "cmyk" };

/**
 * A JPEG as it is, byte for byte, or null where not every PDF reader would decode it (arithmetic coding, 12 bits,
 * no height in the header).
 *
 * @param archival by ISO 19005-2: process colours need a profile of their own
 */
export async function jpegPicture(source: ByteSource, archival: boolean): Promise<Picture | null> {
  const header = await readJpegHeader(source);
  const space = header && spaces[header.components];
  if (!header?.common || !space || header.width === 0 || header.height === 0) return null;
  const profile = usableProfile(header.profile, space, archival);
  if (archival && space === "cmyk" && !profile) return null;
  return {
    width: header.width,
    height: header.height,
    colour: { space, profile },
    bitsPerComponent: 8,
    coding: jpegCoding(header),
    bytes: () => readRange(source, 0),
  };
}

function jpegCoding(header: JpegHeader): string {
  // ISO 32000-1, table 13: three components are taken for YCbCr unless Adobe's marker or this says otherwise.
  const plainRgb = header.namedRgb && header.adobeTransform === null && !header.jfif;
  const parameters = plainRgb ? " /DecodeParms << /ColorTransform 0 >>" : "";
  // Adobe's programs, and all that write their marker, store process colours inverted.
  const inverted = header.components === 4 && header.adobeTransform !== null;
  return `/Filter /DCTDecode${parameters}${inverted ? " /Decode [1 0 1 0 1 0 1 0]" : ""}`;
}
