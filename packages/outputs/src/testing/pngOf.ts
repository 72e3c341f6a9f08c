import { crc32 } from "node:zlib";

/** Colour types of PNG by samples a pixel. */
const colourTypes: Readonly<Record<number, number>> = { 1: 0, 3: 2 };

/** A PNG around data that a PDF has with a PNG predictor, so that libvips decodes it at its full depth: for tests. */
export function pngOf(
  width: number,
  height: number,
  bitDepth: number,
  samples: number,
  data: Buffer,
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = bitDepth;
  header[9] = colourTypes[samples] as number;
  const signature = Buffer.from("89504e470d0a1a0a", "hex");
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", data),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}
