import type { CharacterCodes } from "./characterCodes.ts";

/** A character map holds at most so many entries a section (Adobe Technical Note 5014). */
const entriesPerSection = 100;
const codesPerRange = 0x100;
const rangeCount = 0x100;
const [firstSurrogateRange, lastSurrogateRange] = [0xd8, 0xdf];

/**
 * The character map (ISO 32000-1, 9.10.3) that says which character each code is. A range must not cross a change of
 * its first byte: there are 248 of them.
 */
export function toUnicodeMap(codes: CharacterCodes): string {
  const ranges: string[] = [];
  for (let range = 0; range < rangeCount; range++) {
    if (range >= firstSurrogateRange && range <= lastSurrogateRange) continue;
    const first = hex(range * codesPerRange);
    ranges.push(`<${first}> <${hex(range * codesPerRange + codesPerRange - 1)}> <${first}>`);
  }
  const characters = codes
    .supplementary()
    .map(([code, character]) => `<${hex(code)}> <${utf16(String.fromCodePoint(character))}>`);
  return [
    "/CIDInit /ProcSet findresource begin",
    "12 dict begin",
    "begincmap",
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
    "/CMapName /Adobe-Identity-UCS def",
    "/CMapType 2 def",
    "1 begincodespacerange",
    "<0000> <FFFF>",
    "endcodespacerange",
    ...sections("bfrange", ranges),
    ...sections("bfchar", characters),
    "endcmap",
    "CMapName currentdict /CMap defineresource pop",
    "end",
    "end",
    "",
  ].join("\n");
}

function* sections(kind: "bfrange" | "bfchar", entries: readonly string[]): Generator<string> {
  for (let start = 0; start < entries.length; start += entriesPerSection) {
    const section = entries.slice(start, start + entriesPerSection);
    yield `${section.length} begin${kind}`;
    yield* section;
    yield `end${kind}`;
  }
}

function utf16(character: string): string {
  return Array.from({ length: character.length }, (_, index) => hex(character.charCodeAt(index))).join("");
}

/** A two-byte code, as it is written in a PDF. */
export function hex(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, "0");
}
