import { constants, inflateSync } from "node:zlib";
import { PdfArray, PdfDamage, PdfDictionary, PdfName, type PdfValue } from "./values.ts";

/** What a cross-reference or object stream may come to. One of a million objects has 20 MB; zeros deflate to a thousandth. */
export const maxDecodedBytes = 32_000_000;
const firstPngPredictor = 10;
const tiffPredictor = 2;

/**
 * Decodes a cross-reference stream or an object stream: not compressed, or by Flate with or without a predictor, which
 * is all that those who write PDF use for them; a page's content mostly has no other either.
 *
 * @throws PdfDamage where it is encoded otherwise or broken, or comes to more than `mostBytes`
 */
export function decodeStream(dictionary: PdfDictionary, data: Buffer, mostBytes = maxDecodedBytes): Buffer {
  const filter = only(dictionary.get("Filter") ?? dictionary.get("F"));
  if (filter === null) return data;
  if (!(filter instanceof PdfName) || (filter.name !== "FlateDecode" && filter.name !== "Fl")) {
    throw new PdfDamage("a stream of objects has a filter that is not used for it");
  }
  const inflated = inflate(data, mostBytes);
  const parameters = only(dictionary.get("DecodeParms") ?? dictionary.get("DP"));
  if (!(parameters instanceof PdfDictionary)) return inflated;
  const predictor = numberOf(parameters, "Predictor", 1);
  const bitsPerPixel = numberOf(parameters, "Colors", 1) * numberOf(parameters, "BitsPerComponent", 8);
  const rowBytes = Math.ceil((numberOf(parameters, "Columns", 1) * bitsPerPixel) / 8);
  if (predictor >= firstPngPredictor) return undoPng(inflated, rowBytes, Math.ceil(bitsPerPixel / 8));
  if (predictor === tiffPredictor) throw new PdfDamage("a stream of objects has a TIFF predictor");
  return inflated;
}

function only(value: PdfValue): PdfValue {
  if (!(value instanceof PdfArray)) return value;
  if (value.items.length > 1) throw new PdfDamage("a stream of objects has several filters");
  return value.items[0] ?? null;
}

function numberOf(dictionary: PdfDictionary, key: string, otherwise: number): number {
  const value = dictionary.get(key);
  return typeof value === "number" && value > 0 ? value : otherwise;
}

function inflate(data: Buffer, mostBytes: number): Buffer {
  try {
    // What is there of a stream that was cut is taken, as other readers do.
    return inflateSync(data, { maxOutputLength: mostBytes, finishFlush: constants.Z_SYNC_FLUSH });
  } catch (cause) {
    throw new PdfDamage("a stream of objects cannot be inflated", { cause });
  }
}

/** PNG's predictors (PNG specification, 9.2): each row begins with the number of its own. */
function undoPng(data: Buffer, rowBytes: number, pixelBytes: number): Buffer {
  if (rowBytes > data.length) throw new PdfDamage("a stream of objects has no whole row");
  const rows = Math.ceil(data.length / (rowBytes + 1));
  const decoded = Buffer.alloc(rows * rowBytes);
  for (let row = 0; row < rows; row++) {
    const from = row * (rowBytes + 1);
    const to = row * rowBytes;
    const predictor = data[from];
    for (let column = 0; column < rowBytes; column++) {
      const raw = data[from + 1 + column] ?? 0;
      const left = column >= pixelBytes ? (decoded[to + column - pixelBytes] as number) : 0;
      const up = row > 0 ? (decoded[to + column - rowBytes] as number) : 0;
      const upLeft =
        row > 0 && column >= pixelBytes ? (decoded[to + column - rowBytes - pixelBytes] as number) : 0;
      decoded[to + column] = raw + predicted(predictor, left, up, upLeft);
    }
  }
  return decoded;
}

function predicted(predictor: number | undefined, left: number, up: number, upLeft: number): number {
  switch (predictor) {
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4:
      return paeth(left, up, upLeft);
    default:
      return 0;
  }
}

function paeth(left: number, up: number, upLeft: number): number {
  const estimate = left + up - upLeft;
  const [toLeft, toUp, toUpLeft] = [left, up, upLeft].map((value) => Math.abs(estimate - value)) as [
    number,
    number,
    number,
  ];
  if (toLeft <= toUp && toLeft <= toUpLeft) return left;
  return toUp <= toUpLeft ? up : upLeft;
}
