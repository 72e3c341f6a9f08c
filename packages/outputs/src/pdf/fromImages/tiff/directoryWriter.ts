interface WrittenEntry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly bytes: Buffer;
}

const headBytes = 8;
const entryBytes = 12;
/** The value of an entry stands in it where it has no more bytes. */
const inPlaceBytes = 4;
const long = 4;
const version = 42;

/** Writes a TIFF of one directory (TIFF 6.0, section 2): data first, then the entries, sorted as the format asks. */
export class DirectoryWriter {
  readonly #little: boolean;
  readonly #data: Buffer[] = [];
  #length = headBytes;
  readonly #entries: WrittenEntry[] = [];

  constructor(littleEndian: boolean) {
    this.#little = littleEndian;
  }

  /** Puts data into the file and says at which offset, which is even. */
  place(bytes: Buffer): number {
    const offset = this.#length;
    const padding = bytes.length % 2;
    this.#data.push(bytes, Buffer.alloc(padding));
    this.#length += bytes.length + padding;
    return offset;
  }

  numbers(tag: number, values: readonly number[]): void {
    const bytes = Buffer.alloc(values.length * 4);
    for (const [index, value] of values.entries()) this.#put(bytes, value, index * 4, 4);
    this.#entries.push({ tag, type: long, count: values.length, bytes });
  }

  /** An entry whose value is in the file's byte order already. */
  value(tag: number, type: number, count: number, bytes: Buffer): void {
    this.#entries.push({ tag, type, count, bytes });
  }

  finish(): Buffer {
    const sorted = this.#entries.toSorted((one, other) => one.tag - other.tag);
    const rows = sorted.map(({ tag, type, count, bytes }) => {
      const row = Buffer.alloc(entryBytes);
      this.#put(row, tag, 0, 2);
      this.#put(row, type, 2, 2);
      this.#put(row, count, 4, 4);
      if (bytes.length <= inPlaceBytes) bytes.copy(row, 8);
      else this.#put(row, this.place(bytes), 8, 4);
      return row;
    });
    const head = Buffer.alloc(headBytes);
    head.write(this.#little ? "II" : "MM", "latin1");
    this.#put(head, version, 2, 2);
    this.#put(head, this.#length, 4, 4);
    const count = Buffer.alloc(2);
    this.#put(count, rows.length, 0, 2);
    return Buffer.concat([head, ...this.#data, count, ...rows, Buffer.alloc(4)]);
  }

  #put(buffer: Buffer, value: number, offset: number, bytes: number): void {
    if (this.#little) buffer.writeUIntLE(value, offset, bytes);
    else buffer.writeUIntBE(value, offset, bytes);
  }
}
