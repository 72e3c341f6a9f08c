import type { BlockReader } from "./blockReader.ts";
import { decodeStream, maxDecodedBytes } from "./decodeStream.ts";
import type { ObjectIndex } from "./objectIndex.ts";
import { PdfParser } from "./parser.ts";
import { PdfDamage, PdfDictionary, PdfReference, type PdfValue } from "./values.ts";

/** A stream: its dictionary, and where in the file its data begins. */
export class PdfStream {
  readonly dictionary: PdfDictionary;
  readonly dataOffset: number;
  constructor(dictionary: PdfDictionary, dataOffset: number) {
    this.dictionary = dictionary;
    this.dataOffset = dataOffset;
  }
}
export type PdfObject = PdfValue | PdfStream;

/** References that lead to references: there are none in a sound file. */
const maxHops = 16;
/** Objects kept, for those of the page tree are asked for by each page, and decoded object streams. */
const maxObjectsKept = 16;
const maxContainersKept = 2;
/** Between a stream's data and its end stands an end of line at most. */
const endOfStream = "endstream";
const endSlackBytes = 32;
const maxContained = 1_000_000;

interface Container {
  readonly numbers: readonly number[];
  readonly offsets: readonly number[];
  readonly data: Buffer;
}

/** The objects of a PDF, each read when it is asked for. Few are kept. */
export class PdfFile {
  readonly reader: BlockReader;
  readonly index: ObjectIndex;
  /** Offsets in the file count from its header, before which something else may stand. */
  readonly headerOffset: number;
  readonly #objects = new Map<number, PdfObject>();
  readonly #containers = new Map<number, Container>();

  constructor(reader: BlockReader, index: ObjectIndex, headerOffset: number) {
    this.reader = reader;
    this.index = index;
    this.headerOffset = headerOffset;
  }

  /** What a value is or refers to; null where there is no such object. @throws PdfDamage */
  async resolve(value: PdfObject): Promise<PdfObject> {
    let found = value;
    for (let hops = 0; found instanceof PdfReference; hops++) {
      if (hops === maxHops) throw new PdfDamage("a reference leads nowhere");
      found = await this.load(found.number);
    }
    return found;
  }

  /** As {@link resolve}, where only a dictionary will do: null where it is something else. */
  async dictionary(value: PdfObject): Promise<PdfDictionary | null> {
    const found = await this.resolve(value);
    return found instanceof PdfDictionary ? found : null;
  }

  /** The object of a number; null where there is none. @throws PdfDamage if another stands at its place */
  async load(number: number): Promise<PdfObject> {
    const kept = this.#objects.get(number);
    if (kept !== undefined) return kept;
    const place = this.index.get(number);
    if (place === null) return null;
    const object =
      place.kind === "file"
        ? await this.#readObject(place.offset, number)
        : await this.#readContained(place.container, place.index, number);
    keep(this.#objects, number, object, maxObjectsKept);
    return object;
  }

  /** A stream's data, decoded. @throws PdfDamage, also where they come to more than `mostBytes` */
  async decode(stream: PdfStream, mostBytes = maxDecodedBytes): Promise<Buffer> {
    return decodeStream(stream.dictionary, await this.#streamData(stream, mostBytes), mostBytes);
  }

  async #readObject(offset: number, number: number): Promise<PdfObject> {
    return readObjectAt(this.reader, offset + this.headerOffset, number);
  }

  async #readContained(containerNumber: number, index: number, number: number): Promise<PdfObject> {
    const container = await this.#container(containerNumber);
    const at = container.numbers[index] === number ? index : container.numbers.indexOf(number);
    const offset = container.offsets[at];
    if (offset === undefined) throw new PdfDamage("an object is not in its object stream");
    // A word ends where the data do.
    return new PdfParser(Buffer.concat([container.data.subarray(offset), Buffer.from("\n")])).value();
  }

  async #container(number: number): Promise<Container> {
    const kept = this.#containers.get(number);
    if (kept) return kept;
    const place = this.index.get(number);
    if (place?.kind !== "file") throw new PdfDamage("an object stream is not in the file itself");
    const stream = await this.#readObject(place.offset, number);
    if (!(stream instanceof PdfStream)) throw new PdfDamage("an object stream is none");
    const container = readContainer(stream.dictionary, await this.decode(stream));
    keep(this.#containers, number, container, maxContainersKept);
    return container;
  }

  async #streamData({ dictionary, dataOffset }: PdfStream, mostBytes: number): Promise<Buffer> {
    const length = await this.resolve(dictionary.get("Length"));
    if (typeof length === "number" && length >= 0 && length <= mostBytes) {
      const data = await this.reader.read(dataOffset, length + endSlackBytes);
      if (data.indexOf(endOfStream, length, "latin1") >= 0) return data.subarray(0, length);
    }
    const data = await this.reader.read(dataOffset, mostBytes);
    const end = data.indexOf(endOfStream, 0, "latin1");
    if (end < 0) throw new PdfDamage("a stream does not end");
    return data.subarray(0, end);
  }
}

/** The numbers in an object stream, in order. @throws PdfDamage */
export function readContainer(dictionary: PdfDictionary, data: Buffer): Container {
  const [count, first] = [dictionary.get("N"), dictionary.get("First")];
  if (typeof count !== "number" || typeof first !== "number" || count > maxContained) {
    throw new PdfDamage("an object stream does not say what it holds");
  }
  const header = new PdfParser(Buffer.concat([data.subarray(0, first), Buffer.from("\n\n")]));
  const numbers: number[] = [];
  const offsets: number[] = [];
  for (let index = 0; index < count; index++) {
    numbers.push(Number(header.word()));
    offsets.push(first + Number(header.word()));
  }
  return { numbers, offsets, data };
}

/** @param number which object it must be; undefined if any will do */
export async function readObjectAt(
  reader: BlockReader,
  position: number,
  number: number | undefined,
): Promise<PdfObject> {
  return reader.parse(position, (parser) => {
    const found = Number(parser.word());
    parser.word();
    if (parser.word() !== "obj" || (number !== undefined && found !== number)) {
      throw new PdfDamage("an object is not where it should be");
    }
    const value = parser.value();
    if (!(value instanceof PdfDictionary) || parser.word() !== "stream") return value;
    // An end of line belongs to the keyword: CR LF or LF; a CR alone is against the rules, and there.
    const [next, afterNext] = [parser.bytes[parser.position], parser.bytes[parser.position + 1]];
    const endOfLine = next === 0x0d && afterNext === 0x0a ? 2 : next === 0x0d || next === 0x0a ? 1 : 0;
    return new PdfStream(value, position + parser.position + endOfLine);
  });
}

function keep<T>(kept: Map<number, T>, number: number, value: T, most: number): void {
  kept.set(number, value);
  const [oldest] = kept.keys();
  if (kept.size > most && oldest !== undefined) kept.delete(oldest);
}
