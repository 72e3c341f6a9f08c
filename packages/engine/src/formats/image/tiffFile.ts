import { type FileHandle, open } from "node:fs/promises";

/** TIFF 6.0 directories of scans have 10 to 30 entries. */
const maxEntries = 4_096;

/** One entry of a directory, as it stands in the file (TIFF 6.0, section 2). */
export interface TiffEntry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** Where its value lies: in the entry itself where it fits, else where the entry points to. */
  readonly valueOffset: number;
}

export interface TiffEntries {
  readonly entries: ReadonlyMap<number, TiffEntry>;
  /** Offset of the next directory, 0 where this is the last. */
  readonly next: number;
}

/** Bytes of one value of each type: BYTE, ASCII, SHORT, LONG, RATIONAL, their signed kin, BigTIFF's LONG8. */
const typeBytes: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};
const rational = 5;
const unsigned: readonly number[] = [1, 3, 4, 13, 16];

/** A TIFF or BigTIFF (8-byte offsets) read by directories and entries, in a few reads of some bytes each. */
export class TiffFile {
  readonly #file: FileHandle;
  readonly #head: Buffer;
  readonly littleEndian: boolean;
  readonly #big: boolean;

  private constructor(file: FileHandle, head: Buffer) {
    this.#file = file;
    this.#head = head;
    this.littleEndian = head.toString("latin1", 0, 2) === "II";
    this.#big = this.integer(head, 2, 2) === 43;
  }

  /** @throws RangeError if the file is shorter than a TIFF's head */
  static async open(path: string): Promise<TiffFile> {
    const file = await open(path);
    try {
      return new TiffFile(file, await readAt(file, 0, 16));
    } catch (cause) {
      await file.close();
      throw cause;
    }
  }

  get firstDirectory(): number {
    return this.#big ? this.integer(this.#head, 8, 8) : this.integer(this.#head, 4, 4);
  }

  /** The directory at an offset, or null where the file is cut short or there is none. */
  async directory(offset: number): Promise<TiffEntries | null> {
    const [countBytes, entryBytes, offsetBytes] = this.#big ? [8, 20, 8] : [2, 12, 4];
    const head = await this.bytes(offset, countBytes);
    if (head.length < countBytes) return null;
    const count = this.integer(head, 0, countBytes);
    if (count === 0 || count > maxEntries) return null;
    const start = offset + countBytes;
    const body = await this.bytes(start, count * entryBytes + offsetBytes);
    const complete = body.length === count * entryBytes + offsetBytes;

    const entries = new Map<number, TiffEntry>();
    for (let at = 0; at + entryBytes <= body.length && at < count * entryBytes; at += entryBytes) {
      const entry = this.#entry(body, at, start);
      entries.set(entry.tag, entry);
    }
    return { entries, next: complete ? this.integer(body, count * entryBytes, offsetBytes) : 0 };
  }

  #entry(body: Buffer, at: number, start: number): TiffEntry {
    const type = this.integer(body, at + 2, 2);
    const [fieldBytes, field] = this.#big ? [8, at + 12] : [4, at + 8];
    const count = this.integer(body, at + 4, fieldBytes);
    const inPlace = count * (typeBytes[type] ?? 1) <= fieldBytes;
    const valueOffset = inPlace ? start + field : this.integer(body, field, fieldBytes);
    return { tag: this.integer(body, at, 2), type, count, valueOffset };
  }

  /** Up to `most` numbers of an entry: unsigned integers and rationals; none of another type or beyond the file. */
  async numbers(entry: TiffEntry, most: number): Promise<number[]> {
    const bytes = typeBytes[entry.type];
    if (bytes === undefined || (entry.type !== rational && !unsigned.includes(entry.type))) return [];
    const body = await this.bytes(entry.valueOffset, Math.min(entry.count, most) * bytes);
    const values: number[] = [];
    for (let at = 0; at + bytes <= body.length; at += bytes) {
      const value = this.integer(body, at, entry.type === rational ? 4 : bytes);
      values.push(entry.type === rational ? value / this.integer(body, at + 4, 4) : value);
    }
    return values;
  }

  /** An entry's value as it stands in the file: fewer bytes where that is cut short or the value has more than `most`. */
  async value(entry: TiffEntry, most: number): Promise<Buffer> {
    return this.bytes(entry.valueOffset, Math.min(entry.count * (typeBytes[entry.type] ?? 1), most));
  }

  /** Bytes of the file: fewer where it ends before. */
  async bytes(offset: number, length: number): Promise<Buffer> {
    return readAt(this.#file, offset, length);
  }

  integer(buffer: Buffer, offset: number, bytes: number): number {
    if (bytes === 8)
      return Number(this.littleEndian ? buffer.readBigUInt64LE(offset) : buffer.readBigUInt64BE(offset));
    return this.littleEndian ? buffer.readUIntLE(offset, bytes) : buffer.readUIntBE(offset, bytes);
  }

  async sizeBytes(): Promise<number> {
    return (await this.#file.stat()).size;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
