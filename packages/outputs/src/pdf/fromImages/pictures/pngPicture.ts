import { inflateSync } from "node:zlib";
import { usableProfile } from "../colour/iccProfile.ts";
import { type ByteSource, readRange } from "./byteSource.ts";
import { componentsOf, type Picture, type PictureColour } from "./picture.ts";

/** What of a PNG stands before its image data (PNG specification, third edition, 11.2 and 11.3). */
interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  readonly colourType: number;
  readonly interlaced: boolean;
  readonly palette: Buffer | null;
  readonly transparent: boolean;
  readonly profile: Buffer | null;
  readonly dataOffset: number;
}

const signatureBytes = 8;
/** Length and type before a chunk's data. */
const chunkHeadBytes = 8;
const checksumBytes = 4;
/** Text and the like before the image data: more chunks than these are damage or an attack. */
const maxChunks = 1_000;
/** Of what is needed before the image data the profile is the longest; a longer chunk is passed over. */
const maxChunkBytes = 1024 * 1024;
const opaque = 255;
/** Colour types 0, 2 and 3; those with alpha (4 and 6) have to be laid on white. */
const spaces: Readonly<Record<number, PictureColour["space"]>> = { 0: "grey", 2: "rgb", 3: "rgb" };
const indexed = 3;

/** A PNG's own compressed data as a PDF takes it, or null where that is not so: interlaced, transparent, damaged. */
export async function pngPicture(source: ByteSource): Promise<Picture | null> {
  const header = await readHeader(source);
  const space = header && spaces[header.colourType];
  if (!header || !space || header.interlaced || header.transparent) return null;
  if (header.colourType === indexed && !header.palette) return null;
  const { width, height, bitDepth, palette } = header;
  const colour = { space, profile: usableProfile(header.profile, space) };
  const colours = header.colourType === indexed ? 1 : componentsOf[space];
  return {
    width,
    height,
    colour: header.colourType === indexed && palette ? { ...colour, palette } : colour,
    bitsPerComponent: bitDepth,
    // Predictor 15: each row names its filter, which is how PNG filters (ISO 32000-1, table 10).
    coding: `/Filter /FlateDecode /DecodeParms << /Predictor 15 /Colors ${colours} /BitsPerComponent ${bitDepth} /Columns ${width} >>`,
    bytes: () => imageData(source, header.dataOffset),
  };
}

async function readHeader(source: ByteSource): Promise<PngHeader | null> {
  let first: Buffer | null = null;
  let palette: Buffer | null = null;
  let transparent = false;
  let profile: Buffer | null = null;
  let at = signatureBytes;
  for (let chunk = 0; chunk < maxChunks; chunk++) {
    const head = await source.bytes(at, chunkHeadBytes);
    if (head.length < chunkHeadBytes) return null;
    const length = head.readUInt32BE(0);
    const type = head.toString("latin1", 4);
    if (type === "IDAT") break;
    const body = length <= maxChunkBytes ? await source.bytes(at + chunkHeadBytes, length) : Buffer.alloc(0);
    if (type === "IHDR") first = body;
    if (type === "PLTE") palette = body.subarray(0, body.length - (body.length % 3));
    if (type === "tRNS") transparent = first?.[9] !== indexed || body.some((alpha) => alpha < opaque);
    if (type === "iCCP") profile = inflatedProfile(body);
    at += chunkHeadBytes + length + checksumBytes;
  }
  if (!first || first.length < 13) return null;
  return {
    width: first.readUInt32BE(0),
    height: first.readUInt32BE(4),
    bitDepth: first[8] as number,
    colourType: first[9] as number,
    interlaced: first[12] !== 0,
    palette,
    transparent,
    profile,
    dataOffset: at,
  };
}

/** The profile behind its name, an end mark and the compression method. */
function inflatedProfile(body: Buffer): Buffer | null {
  try {
    return inflateSync(body.subarray(body.indexOf(0) + 2), { maxOutputLength: maxChunkBytes });
  } catch {
    return null;
  }
}

/** The data of consecutive IDAT chunks: one zlib stream. */
async function* imageData(source: ByteSource, start: number): AsyncGenerator<Buffer> {
  for (let at = start; ; ) {
    const head = await source.bytes(at, chunkHeadBytes);
    if (head.length < chunkHeadBytes || head.toString("latin1", 4) !== "IDAT") return;
    const end = at + chunkHeadBytes + head.readUInt32BE(0);
    yield* readRange(source, at + chunkHeadBytes, end);
    at = end + checksumBytes;
  }
}
