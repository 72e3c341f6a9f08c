import type { BlockReader } from "./blockReader.ts";
import { type CrossReference, findHeader } from "./crossReference.ts";
import { ObjectIndex } from "./objectIndex.ts";
import { PdfParser } from "./parser.ts";
import { PdfFile, PdfStream, readContainer, readObjectAt } from "./pdfFile.ts";
import { PdfDamage, PdfDictionary } from "./values.ts";

/** Read at a time; what may stand across two reads is read twice. */
const blockBytes = 1_000_000;
const overlapBytes = 512;
/** Object streams looked into, and trailers kept, at most. */
const maxContainers = 100_000;

/** An object's beginning, or a sign that the object before is of a kind that matters here. */
const landmark =
  /(?<![0-9])(\d{1,7})[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+obj(?![a-z])|\btrailer(?=[\s<])|\/(ObjStm|XRef|Catalog)(?![A-Za-z])/g;

/**
 * Finds out where a file's objects are by reading all of it, as readers of PDF do where its own account of it is broken
 * or missing. Of an object that is there several times the last one counts.
 *
 * @throws PdfDamage where no catalog turns up
 */
export async function rebuildIndex(reader: BlockReader): Promise<CrossReference> {
  const headerOffset = await findHeader(reader);
  const index = new ObjectIndex();
  const containers: [number: number, offset: number][] = [];
  let trailer: PdfDictionary | null = null;
  let catalog: number | null = null;
  let last = { number: 0, offset: 0 };

  for await (const { match, position } of landmarks(reader)) {
    if (match[1] !== undefined) {
      last = { number: Number(match[1]), offset: position - headerOffset };
      index.setFile(last.number, last.offset, Number(match[2]));
    } else if (match[3] === "ObjStm") {
      if (containers.length === maxContainers) throw new PdfDamage("the file has too many object streams");
      containers.push([last.number, last.offset]);
    } else if (match[3] === "Catalog") {
      catalog = last.number;
    } else {
      const found = await trailerAt(reader, match[3] === "XRef" ? last.offset + headerOffset : position);
      // One that a signature or a password hangs on must not be lost to a later one without.
      if (found?.entries.has("Root") && !trailer?.entries.has("Encrypt")) trailer = found;
    }
  }
  await addContained(new PdfFile(reader, index, headerOffset), containers);
  trailer ??= catalog === null ? null : asTrailer(catalog);
  if (trailer === null) throw new PdfDamage("the file has no catalog");
  return { index, trailer, headerOffset, newest: null };
}

async function* landmarks(
  reader: BlockReader,
): AsyncGenerator<{ match: RegExpMatchArray; position: number }> {
  let done = 0;
  for (let start = 0; start < reader.size; start += blockBytes) {
    const text = (await reader.read(start, blockBytes + overlapBytes)).toString("latin1");
    for (const match of text.matchAll(landmark)) {
      const position = start + match.index;
      // What begins in the overlap belongs to the next block, and what the block before has had is not had again.
      if (position < done || match.index >= blockBytes) continue;
      done = position + match[0].length;
      yield { match, position };
    }
  }
}

/** The dictionary of a trailer, or of the cross-reference stream, at a place; null where it cannot be read. */
async function trailerAt(reader: BlockReader, position: number): Promise<PdfDictionary | null> {
  try {
    const found = await reader.parse(position, (parser) =>
      parser.word() === "trailer" ? parser.value() : null,
    );
    if (found instanceof PdfDictionary) return found;
    const object = await readObjectAt(reader, position, undefined);
    return object instanceof PdfStream ? object.dictionary : null;
  } catch (error) {
    if (error instanceof PdfDamage) return null;
    throw error;
  }
}

/** Adds what is in object streams, unless it is in the file itself further on. */
async function addContained(file: PdfFile, containers: readonly [number, number][]): Promise<void> {
  for (const [container, offset] of containers) {
    const place = file.index.get(container);
    if (place?.kind !== "file" || place.offset !== offset) continue;
    try {
      const stream = await file.load(container);
      if (!(stream instanceof PdfStream)) continue;
      readContainer(stream.dictionary, await file.decode(stream)).numbers.forEach((number, index) => {
        const known = file.index.get(number);
        if (known?.kind !== "file" || known.offset < offset) file.index.setStream(number, container, index);
      });
    } catch (error) {
      if (!(error instanceof PdfDamage)) throw error;
    }
  }
}

function asTrailer(catalog: number): PdfDictionary {
  const value = new PdfParser(Buffer.from(`<< /Root ${catalog} 0 R >> `)).value();
  if (!(value instanceof PdfDictionary)) throw new PdfDamage("the file has no catalog");
  return value;
}
