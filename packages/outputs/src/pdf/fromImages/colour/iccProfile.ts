import type { PictureColour } from "../pictures/picture.ts";

const headerBytes = 128;
const signatures = { grey: "GRAY", rgb: "RGB ", cmyk: "CMYK" } as const;
/** Input, display, output and colour space profiles: those an image may have (ISO 32000-1, 8.6.5.5). */
const classes: readonly string[] = ["scnr", "mntr", "prtr", "spac"];
const versions: readonly number[] = [2, 4];
/** A profile of grey or RGB beyond this, in bytes, holds tables of a scanner's own; it would outweigh small pages. */
const worthBytes = 64 * 1024;

/**
 * The profile if a PDF may carry it for these colours and it is worth its size, else null: the colours are then taken
 * as the reader's own grey, RGB or CMYK.
 *
 * @param needed it is carried whatever its size
 */
export function usableProfile(
  profile: Buffer | null,
  space: PictureColour["space"],
  needed = false,
): Buffer | null {
  if (!profile || profile.length < headerBytes) return null;
  const text = (start: number) => profile.toString("latin1", start, start + 4);
  const sound =
    profile.readUInt32BE(0) === profile.length &&
    text(36) === "acsp" &&
    text(16) === signatures[space] &&
    classes.includes(text(12)) &&
    versions.includes(profile[8] as number);
  const worth = needed || (space !== "cmyk" && profile.length <= worthBytes);
  return sound && worth ? profile : null;
}
