import { groupFour } from "../pdf/fromImages/encode/groupFour.ts";
import { DirectoryWriter } from "../pdf/fromImages/tiff/directoryWriter.ts";
import { compressions, tiffTag } from "../pdf/fromImages/tiff/tiffLayout.ts";

const rational = 5;

/**
 * A TIFF of black and white rows, encoded by our own Group 4 in one strip: for tests.
 *
 * @param rows 0 or 255 a pixel
 * @param photometric what a run that T.6 calls white means: 0 white, 1 black
 */
export async function groupFourTiff(
  rows: readonly Uint8Array[],
  photometric: 0 | 1,
  rationals: Readonly<Record<number, readonly [number, number]>> = {},
): Promise<Buffer> {
  const width = rows[0]?.length ?? 0;
  async function* pieces() {
    // Two rows in a piece, so that a row's changes are carried over to the next piece.
    for (let at = 0; at < rows.length; at += 2) yield Buffer.concat(rows.slice(at, at + 2));
  }
  const parts: Buffer[] = [];
  for await (const part of groupFour(pieces(), width)) parts.push(part);
  const encoded = Buffer.concat(parts);

  const tiff = new DirectoryWriter(true);
  const entries = {
    256: width,
    257: rows.length,
    [tiffTag.bitsPerSample]: 1,
    [tiffTag.compression]: compressions.groupFour,
    [tiffTag.photometric]: photometric,
    [tiffTag.stripOffsets]: tiff.place(encoded),
    [tiffTag.rowsPerStrip]: rows.length,
    [tiffTag.stripByteCounts]: encoded.length,
  };
  for (const [tag, value] of Object.entries(entries)) tiff.numbers(Number(tag), [value]);
  for (const [tag, value] of Object.entries(rationals)) {
    const bytes = Buffer.alloc(8);
    for (const [index, part] of value.entries()) bytes.writeUInt32LE(part, index * 4);
    tiff.value(Number(tag), rational, 1, bytes);
  }
  return tiff.finish();
}
