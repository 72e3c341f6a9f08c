import { deflateSync } from "node:zlib";
import type { CharacterCodes } from "./characterCodes.ts";
import { toUnicodeMap } from "./toUnicode.ts";
import { emptyTrueType, glyphAdvance, unitsPerEm } from "./trueType.ts";

/** How many objects the font is made of. */
export const fontObjectCount = 6;

/** What every character carries the writing on by, in parts of the font's size. */
export const advanceShare = glyphAdvance / unitsPerEm;

const fontName = "GlyphLessFont";
const codeCount = 0x10000;
/** FixedPitch, Symbolic (ISO 32000-1, table 123). */
const flags = 5;

/**
 * The font of the text layer, in which every character is empty and as wide as any other (ISO 32000-1, 9.7): codes of
 * two bytes, all of which have the second glyph of the embedded font, for the first stands for a missing one, which
 * PDF/A forbids. It reaches from its line up by its whole size and not below: a word's box is then the height of its
 * font, whoever works it out.
 *
 * @param firstNumber the number of the font's own object, which pages refer to; the other five follow
 * @returns the objects in order, without `obj` and `endobj`
 */
export function glyphlessFont(firstNumber: number, codes: CharacterCodes): Buffer[] {
  const [cidFont, descriptor, file, glyphs, characters] = [1, 2, 3, 4, 5].map((next) => firstNumber + next);
  const trueType = emptyTrueType();
  const glyphOfCode = Buffer.alloc(codeCount * 2, Buffer.from([0, 1]));
  return [
    Buffer.from(
      `<< /Type /Font /Subtype /Type0 /BaseFont /${fontName} /Encoding /Identity-H ` +
        `/DescendantFonts [ ${cidFont} 0 R ] /ToUnicode ${characters} 0 R >>`,
    ),
    Buffer.from(
      `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /${fontName} ` +
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> " +
        `/FontDescriptor ${descriptor} 0 R /CIDToGIDMap ${glyphs} 0 R /DW ${glyphAdvance} >>`,
    ),
    // A descent must be negative; 0 stands for an unknown one.
    Buffer.from(
      `<< /Type /FontDescriptor /FontName /${fontName} /Flags ${flags} ` +
        `/FontBBox [ 0 0 ${glyphAdvance} ${unitsPerEm} ] /ItalicAngle 0 /Ascent ${unitsPerEm} /Descent -1 ` +
        `/CapHeight ${unitsPerEm} /StemV 80 /FontFile2 ${file} 0 R >>`,
    ),
    deflatedStream(trueType, `/Length1 ${trueType.length}`),
    deflatedStream(glyphOfCode),
    deflatedStream(Buffer.from(toUnicodeMap(codes), "latin1")),
  ];
}

/** A stream object's body, compressed. */
export function deflatedStream(data: Uint8Array, entries = ""): Buffer {
  const deflated = deflateSync(data);
  return Buffer.concat([
    Buffer.from(`<< /Filter /FlateDecode /Length ${deflated.length} ${entries}>>\nstream\n`),
    deflated,
    Buffer.from("\nendstream"),
  ]);
}
