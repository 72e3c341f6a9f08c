import { createHash } from "node:crypto";

/** As many bytes as identify a file (ISO 32000-1, 14.4, takes 16, of an MD5). */
const identifierBytes = 16;
/** Which is why a PDF of this kind ends at 10 GB. */
const offsetDigits = 10;
const endOfStream = Buffer.from("\nendstream");
const endOfObject = Buffer.from("\nendobj\n");

/**
 * A PDF that is written from its first byte to its last, object by object: what is kept is each object's place.
 *
 * Every method gives bytes that go out at once and in that order: places are counted as they are given.
 */
export class GrowingPdf {
  #length = 0;
  /** Where each object begins, by its number; 0 until it is written, and for 0, which is no object. */
  readonly #offsets: number[] = [0];
  readonly #hash = createHash("sha256");

  /** The first line, and a second of bytes above 127, which tell programs that this is no text (ISO 19005-2, 6.1.2). */
  header(): Buffer {
    return this.#give(Buffer.from("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "latin1"));
  }

  /** A number for an object that is to be written, so that others can point to it before. */
  allocate(): number {
    return this.#offsets.push(0) - 1;
  }

  /** An object with a value in PDF syntax, which may be a whole stream. */
  object(number: number, value: string | Buffer): Buffer {
    const begin = this.#begin(number);
    const rest = Buffer.concat([Buffer.from(value), endOfObject]);
    return Buffer.concat([begin, this.#give(rest)]);
  }

  /** A stream whose bytes are at hand, as they are. `entries`: its dictionary, but for the length. */
  stream(number: number, entries: string, bytes: Uint8Array): Buffer {
    const head = Buffer.from(`<< ${entries} /Length ${bytes.length} >>\nstream\n`);
    return this.object(number, Buffer.concat([head, bytes, endOfStream]));
  }

  /** A stream whose length shows at its end: it stands in an object behind it. */
  async *streamOf(
    number: number,
    entries: string,
    chunks: AsyncIterable<Uint8Array>,
  ): AsyncGenerator<Buffer> {
    const lengthNumber = this.allocate();
    yield this.#begin(number);
    yield this.#give(Buffer.from(`<< ${entries} /Length ${lengthNumber} 0 R >>\nstream\n`));
    const start = this.#length;
    for await (const chunk of chunks) yield this.#give(chunk);
    const length = this.#length - start;
    yield this.#give(Buffer.concat([endOfStream, endOfObject]));
    yield this.object(lengthNumber, String(length));
  }

  /** The cross-reference table and the trailer (ISO 32000-1, 7.5.4 and 7.5.5). */
  end(root: number, info: number): Buffer {
    const start = this.#length;
    const entries = this.#offsets
      .slice(1)
      .map((offset) => `${String(offset).padStart(offsetDigits, "0")} 00000 n \n`);
    const identifier = this.#hash
      .copy()
      .digest("hex")
      .slice(0, identifierBytes * 2);
    const trailer = `<< /Size ${this.#offsets.length} /Root ${root} 0 R /Info ${info} 0 R /ID [<${identifier}> <${identifier}>] >>`;
    const table = `xref\n0 ${this.#offsets.length}\n0000000000 65535 f \n${entries.join("")}`;
    return this.#give(Buffer.from(`${table}trailer\n${trailer}\nstartxref\n${start}\n%%EOF\n`));
  }

  #begin(number: number): Buffer {
    this.#offsets[number] = this.#length;
    return this.#give(Buffer.from(`${number} 0 obj\n`));
  }

  #give(bytes: Uint8Array): Buffer {
    this.#length += bytes.length;
    this.#hash.update(bytes);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}
