import type { ByteSource } from "./byteSource.ts";

/** What a JPEG says of itself before its scans (ITU-T T.81, annex B). */
export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** Whether every PDF reader decodes it: Huffman-coded, sequential or progressive, 8 bits a sample. */
  readonly common: boolean;
  /** Letters R, G, B as the components' names, which is how some programs say that there is no YCbCr. */
  readonly namedRgb: boolean;
  /** Stands in it where Adobe's marker does: 0 (none), 1 (YCbCr), 2 (YCCK). */
  readonly adobeTransform: number | null;
  readonly jfif: boolean;
  readonly profile: Buffer | null;
}

const marker = { start: 0xd8, startOfScan: 0xda, app0: 0xe0, app2: 0xe2, app14: 0xee, fill: 0xff };
/** Baseline, extended sequential, progressive: Huffman-coded. */
const commonFrames: readonly number[] = [0xc0, 0xc1, 0xc2];
/** Markers of this range are frames, but for tables (C4, CC) and an extension (C8). */
const frames = { first: 0xc0, last: 0xcf, others: [0xc4, 0xc8, 0xcc] as readonly number[] };
/** A profile comes in parts of 64 KB; with these and EXIF, previews and the like there are hardly 300. */
const maxSegments = 2_000;
/** As much of a profile as is kept, in bytes: printers' are about half of it. */
const maxProfileBytes = 1024 * 1024;

/** Reads the header of a JPEG, or null where no frame is found before the first scan. */
export async function readJpegHeader(source: ByteSource): Promise<JpegHeader | null> {
  let frame: { code: number; body: Buffer } | null = null;
  let adobeTransform: number | null = null;
  let jfif = false;
  const profile: Buffer[] = [];
  let at = 2;
  for (let segment = 0; segment < maxSegments; segment++) {
    const head = await source.bytes(at, 4);
    if (head.length < 4 || head[0] !== marker.fill) return null;
    const code = head[1] as number;
    if (code === marker.fill) {
      at += 1;
      continue;
    }
    if (code === marker.startOfScan) break;
    const length = head.readUInt16BE(2);
    const body = await source.bytes(at + 4, length - 2);
    at += 2 + length;
    if (code === marker.app0) jfif ||= body.toString("latin1", 0, 4) === "JFIF";
    if (code === marker.app14 && body.toString("latin1", 0, 5) === "Adobe") adobeTransform = body[11] ?? 0;
    if (code === marker.app2 && body.toString("latin1", 0, 11) === "ICC_PROFILE")
      profile.push(body.subarray(14));
    if (code >= frames.first && code <= frames.last && !frames.others.includes(code)) frame = { code, body };
  }
  if (!frame || frame.body.length < 6) return null;
  const { code, body } = frame;
  const components = body[5] as number;
  const names = Array.from({ length: components }, (_, index) => body[6 + 3 * index] ?? 0);
  return {
    width: body.readUInt16BE(3),
    height: body.readUInt16BE(1),
    components,
    common: commonFrames.includes(code) && body[0] === 8,
    namedRgb: String.fromCharCode(...names) === "RGB",
    adobeTransform,
    jfif,
    profile: joined(profile),
  };
}

function joined(parts: readonly Buffer[]): Buffer | null {
  const bytes = parts.reduce((sum, { length }) => sum + length, 0);
  return bytes > 0 && bytes <= maxProfileBytes ? Buffer.concat(parts) : null;
}
