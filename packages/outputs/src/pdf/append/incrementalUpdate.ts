import { createHash } from "node:crypto";
import type { CrossReference } from "../syntax/crossReference.ts";
import { maxObjectNumber, type NumberedPlace } from "../syntax/objectIndex.ts";
import { PdfArray, PdfDamage } from "../syntax/values.ts";
import { crossReferenceStream, tableSections } from "./sections.ts";

/** What the trailer of an update takes over from the one before. */
const keptKeys = ["Root", "Info"];
const identifierHexLength = 32;

/**
 * What is appended to a file to change it (ISO 32000-1, 7.5.6): objects, new or in place of those of the same number,
 * and a section that says where they are and refers to the one before it. Where that one is broken, the section is of
 * all objects and refers to none. The bytes handed out are to be written one after the other behind the original's.
 */
export class IncrementalUpdate {
  readonly #original: CrossReference;
  readonly #written: NumberedPlace[] = [];
  readonly #hash = createHash("sha256");
  #position: number;
  #nextNumber: number;

  /** @param size of the original, in bytes */
  constructor(original: CrossReference, size: number) {
    this.#original = original;
    this.#position = size;
    const stated = original.trailer.get("Size");
    const believed = typeof stated === "number" && stated <= maxObjectNumber ? stated : 0;
    this.#nextNumber = Math.max(original.index.size, believed, 1);
  }

  /** The first of so many numbers for new objects. @throws PdfDamage where there are none left */
  newNumbers(count = 1): number {
    const first = this.#nextNumber;
    this.#nextNumber += count;
    if (this.#nextNumber > maxObjectNumber) throw new PdfDamage("the file has no number left for an object");
    return first;
  }

  /** The bytes of an object. @param body what stands between `obj` and `endobj` */
  object(number: number, body: Buffer, generation = 0): Buffer {
    this.#note(number, generation);
    const bytes = [Buffer.from(`\n${number} ${generation} obj\n`), body, Buffer.from("\nendobj\n")];
    return this.#append(Buffer.concat(bytes));
  }

  /** The section that ends the update, in pieces. */
  *section(): Generator<Buffer> {
    const { newest, index } = this.#original;
    const isStream = newest ? newest.kind === "stream" : index.holdsContained;
    const number = isStream ? this.newNumbers() : 0;
    const start = isStream ? this.#note(number, 0) : this.#nextOffset();
    const entries = this.#trailerEntries();
    if (isStream) {
      yield Buffer.from(`\n${number} 0 obj\n`);
      yield crossReferenceStream(this.#places(), entries);
      yield Buffer.from("\nendobj\n");
    } else {
      yield Buffer.from("\n");
      yield* tableSections(this.#places());
      yield Buffer.from(`trailer\n<<\n${entries}\n>>\n`, "latin1");
    }
    yield Buffer.from(`startxref\n${start}\n%%EOF\n`);
  }

  /** Where the next object begins, counted from the header: behind an end of line, for the original may have none. */
  #nextOffset(): number {
    return this.#position + 1 - this.#original.headerOffset;
  }

  #note(number: number, generation: number): number {
    const offset = this.#nextOffset();
    this.#written.push({ number, place: { kind: "file", offset, generation } });
    return offset;
  }

  #append(bytes: Buffer): Buffer {
    this.#position += bytes.length;
    this.#hash.update(bytes);
    return bytes;
  }

  #places(): Iterable<NumberedPlace> {
    const { newest, index } = this.#original;
    if (newest) return this.#written.toSorted((a, b) => a.number - b.number);
    for (const { number, place } of this.#written) {
      if (place?.kind === "file") index.setFile(number, place.offset, place.generation);
    }
    return index.places();
  }

  #trailerEntries(): string {
    const { newest, trailer } = this.#original;
    const kept = keptKeys.map((key) => trailer.entries.get(key)?.source.toString("latin1") ?? "");
    const previous = newest ? `/Prev ${newest.offset}` : "";
    return [`/Size ${this.#nextNumber}`, ...kept, this.#identifier(), previous].filter(Boolean).join("\n");
  }

  /** The file's identifier: its first half is the document's for good, the second changes with it (14.4). */
  #identifier(): string {
    const identifier = this.#original.trailer.entries.get("ID");
    if (!(identifier?.value instanceof PdfArray)) return "";
    const first = identifier.value.itemSources[0]?.toString("latin1") ?? "";
    const second = this.#hash.digest("hex").slice(0, identifierHexLength);
    return `/ID [ ${first} <${second}> ]`;
  }
}
