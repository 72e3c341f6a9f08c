import { pipeline, Readable } from "node:stream";
import { createDeflate } from "node:zlib";
import { filterRow } from "./pngFilter.ts";

/** zlib's usual level: the next ones take twice the time for some percent. */
const level = 6;

/**
 * Compresses rows for a PDF's FlateDecode with a PNG predictor, which makes scans a third smaller.
 *
 * @param rows whole rows of `rowBytes` in each piece
 * @param pixelBytes bytes of a whole pixel, at least 1
 */
export async function* flateRows(
  rows: AsyncIterable<Uint8Array>,
  rowBytes: number,
  pixelBytes: number,
): AsyncGenerator<Buffer> {
  const deflate = createDeflate({ level });
  // What goes wrong in the rows comes out of `deflate`, which is what is listened to.
  pipeline(Readable.from(filtered(rows, rowBytes, pixelBytes)), deflate, () => {});
  yield* deflate;
}

async function* filtered(rows: AsyncIterable<Uint8Array>, rowBytes: number, pixelBytes: number) {
  let above: Uint8Array = new Uint8Array(rowBytes);
  for await (const piece of rows) {
    const count = Math.floor(piece.length / rowBytes);
    const output = Buffer.alloc(count * (rowBytes + 1));
    for (let row = 0; row < count; row++) {
      const current = piece.subarray(row * rowBytes, (row + 1) * rowBytes);
      filterRow(
        current,
        above,
        pixelBytes,
        output.subarray(row * (rowBytes + 1), (row + 1) * (rowBytes + 1)),
      );
      above = current;
    }
    yield output;
  }
}
