import type { BlockReader } from "./blockReader.ts";
import { ObjectIndex } from "./objectIndex.ts";
import { PdfFile, PdfStream, readObjectAt } from "./pdfFile.ts";
import { PdfArray, PdfDamage, PdfDictionary, type PdfValue } from "./values.ts";

/** What a file says of itself at its end, and where its objects are. */
export interface CrossReference {
  readonly index: ObjectIndex;
  readonly trailer: PdfDictionary;
  readonly headerOffset: number;
  /** How the newest section is written, and where; null where it had to be found out by reading the whole file. */
  readonly newest: { readonly kind: "table" | "stream"; readonly offset: number } | null;
}

const headerSearchBytes = 1_024;
/** The address of the newest section stands at the end; PDFium looks in the last 4 KB, some files have padding. */
const endSearchBytes = 65_536;
/** A section for each time the file was saved. */
const maxSections = 1_024;
const entryBytes = 20;
const entriesPerRead = 4_096;
const entryPattern = /^(\d{10}) (\d{5}) ([nf])/;

/** @throws PdfDamage where it cannot be followed */
export async function readCrossReference(reader: BlockReader): Promise<CrossReference> {
  const headerOffset = await findHeader(reader);
  const newestOffset = await findNewest(reader);
  const index = new ObjectIndex();
  const seen = new Set<number>();
  let newest: CrossReference["newest"] = null;
  let trailer: PdfDictionary | null = null;
  const waiting: PdfValue[] = [newestOffset];
  while (waiting.length > 0) {
    const offset = waiting.shift();
    if (typeof offset !== "number" || seen.has(offset)) continue;
    if (seen.size === maxSections) throw new PdfDamage("the file has too many sections");
    seen.add(offset);
    const section = await readSection(reader, offset + headerOffset, index);
    newest ??= { kind: section.kind, offset };
    trailer ??= section.trailer;
    // Of a hybrid file, the stream comes before what is older (ISO 32000-1, 7.5.8.4).
    waiting.push(section.trailer.get("XRefStm"), section.trailer.get("Prev"));
  }
  if (trailer === null) throw new PdfDamage("the file has no trailer");
  return { index, trailer, headerOffset, newest };
}

/** Where `%PDF-` stands. @throws PdfDamage where it does not */
export async function findHeader(reader: BlockReader): Promise<number> {
  const at = (await reader.read(0, headerSearchBytes)).indexOf("%PDF-");
  if (at < 0) throw new PdfDamage("the file has no header");
  return at;
}

async function findNewest(reader: BlockReader): Promise<number> {
  const end = await reader.read(Math.max(0, reader.size - endSearchBytes), endSearchBytes);
  const at = end.lastIndexOf("startxref");
  const offset = /^startxref\s+(\d{1,15})/.exec(end.toString("latin1", Math.max(0, at)));
  if (!offset) throw new PdfDamage("the file does not say where its objects are");
  return Number(offset[1]);
}

type Section = { readonly kind: "table" | "stream"; readonly trailer: PdfDictionary };

async function readSection(reader: BlockReader, position: number, index: ObjectIndex): Promise<Section> {
  const afterWord = await reader.parse(position, (parser) =>
    parser.word() === "xref" ? position + parser.position : null,
  );
  if (afterWord !== null) return { kind: "table", trailer: await readTable(reader, afterWord, index) };
  return { kind: "stream", trailer: await readStream(reader, position, index) };
}

/** How many entries stand where, and which object the first is of. */
class Subsection {
  readonly first: number;
  readonly count: number;
  readonly entries: number;
  constructor(first: number, count: number, entries: number) {
    this.first = first;
    this.count = count;
    this.entries = entries;
  }
}

/** Subsections of entries of 20 bytes, then the trailer (ISO 32000-1, 7.5.4). */
async function readTable(reader: BlockReader, position: number, index: ObjectIndex): Promise<PdfDictionary> {
  for (let at = position; ; ) {
    const next: PdfValue | Subsection = await reader.parse(at, (parser) => {
      const word = parser.word();
      if (word === "trailer") return parser.value();
      return new Subsection(Number(word), Number(parser.word()), at + parser.skipBlanks());
    });
    if (next instanceof PdfDictionary) return next;
    if (!(next instanceof Subsection && next.first >= 0 && next.count >= 0)) {
      throw new PdfDamage("a cross-reference table is broken");
    }
    await readEntries(reader, next, index);
    at = next.entries + next.count * entryBytes;
  }
}

async function readEntries(
  reader: BlockReader,
  { first, count, entries }: Subsection,
  index: ObjectIndex,
): Promise<void> {
  for (let done = 0; done < count; done += entriesPerRead) {
    const wanted = Math.min(entriesPerRead, count - done);
    const bytes = await reader.read(entries + done * entryBytes, wanted * entryBytes);
    for (let entry = 0; entry < wanted; entry++) {
      const fields = entryPattern.exec(
        bytes.toString("latin1", entry * entryBytes, (entry + 1) * entryBytes),
      );
      if (!fields) throw new PdfDamage("an entry of a cross-reference table is broken");
      const number = first + done + entry;
      if (index.knows(number)) continue;
      if (fields[3] === "n") index.setFile(number, Number(fields[1]), Number(fields[2]));
      else index.free(number);
    }
  }
}

/** Entries of some bytes each, three fields wide (ISO 32000-1, 7.5.8). @returns the stream's dictionary, its trailer */
async function readStream(reader: BlockReader, position: number, index: ObjectIndex): Promise<PdfDictionary> {
  const stream = await readObjectAt(reader, position, undefined);
  if (!(stream instanceof PdfStream)) throw new PdfDamage("there is no cross-reference section");
  const { dictionary } = stream;
  // What its dictionary says stands in it directly: there is no index yet to look anything up in.
  const data = await new PdfFile(reader, new ObjectIndex(), 0).decode(stream);
  const widths = numbersOf(dictionary.get("W"));
  const size = dictionary.get("Size");
  const ranges = numbersOf(dictionary.get("Index") ?? null);
  if (ranges.length === 0 && typeof size === "number") ranges.push(0, size);
  const [typeWidth = 0, placeWidth = 0, detailWidth = 0] = widths;
  const width = typeWidth + placeWidth + detailWidth;
  if (widths.length < 3 || width === 0) throw new PdfDamage("a cross-reference stream is broken");
  let at = 0;
  for (let range = 0; range + 1 < ranges.length; range += 2) {
    const [first = 0, count = 0] = [ranges[range], ranges[range + 1]];
    for (let number = first; number < first + count && at + width <= data.length; number++, at += width) {
      const type = typeWidth === 0 ? 1 : bigEndian(data, at, typeWidth);
      const place = bigEndian(data, at + typeWidth, placeWidth);
      const detail = bigEndian(data, at + typeWidth + placeWidth, detailWidth);
      if (index.knows(number)) continue;
      if (type === 1) index.setFile(number, place, detail);
      else if (type === 2) index.setStream(number, place, detail);
      else index.free(number);
    }
  }
  return dictionary;
}

function numbersOf(value: PdfValue): number[] {
  const numbers = value instanceof PdfArray ? value.items : [];
  return numbers.map((item) => (typeof item === "number" && item >= 0 ? item : 0));
}

function bigEndian(data: Buffer, at: number, width: number): number {
  let value = 0;
  for (let index = 0; index < width; index++) value = value * 256 + (data[at + index] as number);
  return value;
}
