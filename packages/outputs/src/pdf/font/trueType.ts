/**
 * A TrueType font of two glyphs without ink, of the tables that ISO 32000-1, 9.9 asks of an embedded TrueType font, and
 * a character map. Layouts: the OpenType specification, by the names of the tables.
 */

/** Font units to the em, and how far each glyph carries the writing on. */
export const unitsPerEm = 1000;
export const glyphAdvance = 500;

const glyphCount = 2;
const magicNumber = 0x5f0f3cf5;
/** The whole font's sum of 32-bit words comes to this (head, checksumAdjustment). */
const checksumOfFont = 0xb1b0afba;
const trueTypeVersion = 0x00010000;
const headerBytes = 12;
const recordBytes = 16;
const checksumAdjustmentAt = 8;
const wordBytes = 4;

/** The font's file. The same every time. */
export function emptyTrueType(): Buffer {
  const tables: [tag: string, table: Buffer][] = [
    ["cmap", characterMap()],
    ["glyf", diagonal()],
    ["head", head()],
    ["hhea", horizontalHeader()],
    ["hmtx", shorts(glyphAdvance, 0, glyphAdvance, 0)],
    // Offsets in units of two bytes: the first glyph has none at all.
    ["loca", shorts(0, 0, diagonal().length / 2)],
    ["maxp", maximumProfile()],
    ["post", postScript()],
  ];
  const parts: Buffer[] = [offsetTable(tables)];
  for (const [, table] of tables) parts.push(padded(table));
  const font = Buffer.concat(parts);
  const headAt = font.readUInt32BE(
    headerBytes + tables.findIndex(([tag]) => tag === "head") * recordBytes + 8,
  );
  font.writeUInt32BE((checksumOfFont - checksum(font)) >>> 0, headAt + checksumAdjustmentAt);
  return font;
}

function offsetTable(tables: readonly [string, Buffer][]): Buffer {
  const largestPower = 2 ** Math.floor(Math.log2(tables.length));
  const bytes = Buffer.alloc(headerBytes + tables.length * recordBytes);
  bytes.writeUInt32BE(trueTypeVersion, 0);
  bytes.writeUInt16BE(tables.length, 4);
  bytes.writeUInt16BE(largestPower * recordBytes, 6);
  bytes.writeUInt16BE(Math.log2(largestPower), 8);
  bytes.writeUInt16BE((tables.length - largestPower) * recordBytes, 10);
  let offset = bytes.length;
  tables.forEach(([tag, table], index) => {
    const record = headerBytes + index * recordBytes;
    bytes.write(tag, record, "latin1");
    bytes.writeUInt32BE(checksum(padded(table)), record + 4);
    bytes.writeUInt32BE(offset, record + 8);
    bytes.writeUInt32BE(table.length, record + 12);
    offset += padded(table).length;
  });
  return bytes;
}

/**
 * The second glyph: one contour from the lower left to the upper right corner and back, which encloses nothing. PDFium
 * (Chromium) takes a character's box from its glyph: what it selects and highlights would have no height without one.
 */
function diagonal(): Buffer {
  const [contours, lastPoint, instructionBytes] = [1, 1, 0];
  const bothOnCurve = 0x0101;
  return Buffer.concat([
    shorts(contours, 0, 0, glyphAdvance, unitsPerEm),
    shorts(lastPoint, instructionBytes, bothOnCurve),
    shorts(0, glyphAdvance, 0, unitsPerEm),
  ]);
}

/** One format 4 subtable (Windows, Unicode) that maps the blank to glyph 1, and nothing else. */
function characterMap(): Buffer {
  const blank = 0x20;
  const [segments, format4Bytes] = [2, 32];
  return Buffer.concat([
    shorts(0, 1, 3, 1, 0, headerBytes),
    shorts(4, format4Bytes, 0, segments * 2, 4, 1, 0),
    // endCode, a reserved 0, startCode, idDelta, idRangeOffset; the last segment is the end's.
    shorts(blank, 0xffff, 0, blank, 0xffff, 1 - blank, 1, 0, 0),
  ]);
}

function head(): Buffer {
  const bytes = Buffer.alloc(54);
  bytes.writeUInt32BE(trueTypeVersion, 0);
  bytes.writeUInt32BE(magicNumber, 12);
  bytes.writeUInt16BE(unitsPerEm, 18);
  // The box of all glyphs: as wide as a glyph carries on, and an em high.
  bytes.writeInt16BE(glyphAdvance, 40);
  bytes.writeInt16BE(unitsPerEm, 42);
  const [smallestReadablePixels, fontDirectionHint] = [8, 2];
  bytes.writeUInt16BE(smallestReadablePixels, 46);
  bytes.writeUInt16BE(fontDirectionHint, 48);
  return bytes;
}

function horizontalHeader(): Buffer {
  const bytes = Buffer.alloc(36);
  bytes.writeUInt32BE(trueTypeVersion, 0);
  bytes.writeInt16BE(unitsPerEm, 4);
  bytes.writeUInt16BE(glyphAdvance, 10);
  // The caret rises straight up.
  bytes.writeInt16BE(1, 18);
  bytes.writeUInt16BE(glyphCount, 34);
  return bytes;
}

function maximumProfile(): Buffer {
  const bytes = Buffer.alloc(32);
  bytes.writeUInt32BE(trueTypeVersion, 0);
  bytes.writeUInt16BE(glyphCount, 4);
  const [points, contours, zones] = [2, 1, 2];
  bytes.writeUInt16BE(points, 6);
  bytes.writeUInt16BE(contours, 8);
  bytes.writeUInt16BE(zones, 14);
  return bytes;
}

/** Version 3: no glyph has a name. */
function postScript(): Buffer {
  const bytes = Buffer.alloc(32);
  bytes.writeUInt32BE(0x00030000, 0);
  const fixedPitch = 1;
  bytes.writeUInt32BE(fixedPitch, 12);
  return bytes;
}

function shorts(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => {
    bytes.writeUInt16BE(value & 0xffff, index * 2);
  });
  return bytes;
}

function padded(table: Buffer): Buffer {
  const bytes = Buffer.alloc(Math.ceil(table.length / wordBytes) * wordBytes);
  table.copy(bytes);
  return bytes;
}

function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += wordBytes) sum = (sum + bytes.readUInt32BE(at)) >>> 0;
  return sum;
}
