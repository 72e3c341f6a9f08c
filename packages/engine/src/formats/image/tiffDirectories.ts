import { type FileHandle, open } from "node:fs/promises";
import { QuireError } from "@quire/core";

/** One page of a TIFF, as its image file directory describes it. */
export interface TiffDirectory {
  /** Place in the file's chain of directories, from 0, which is how libtiff counts. */
  readonly index: number;
  readonly width: number;
  readonly height: number;
  readonly dpiAcross: number | undefined;
  readonly dpiDown: number | undefined;
  readonly orientation: number | undefined;
  /** A smaller copy of another page (NewSubfileType, bit 0). */
  readonly reduced: boolean;
}

const tag = {
  newSubfileType: 254,
  width: 256,
  height: 257,
  orientation: 274,
  xResolution: 282,
  yResolution: 283,
  unit: 296,
};
const unitCentimetre = 3;
const centimetresPerInch = 2.54;

/** Longer chains are damage or an attack; the limit on pages is far below. */
const maxDirectories = 10_000;
/** TIFF 6.0 directories of scans have 10 to 30 entries. */
const maxEntries = 4_096;

/**
 * Lists the pages of a TIFF or BigTIFF from its directories alone (TIFF 6.0, section 2; BigTIFF has 8-byte
 * offsets): without decoding, in a few reads of some bytes. A chain that loops ends where it meets itself.
 *
 * @throws QuireError `corrupt_file` if not even the first directory can be read
 */
export async function readTiffDirectories(path: string): Promise<TiffDirectory[]> {
  const file = await open(path);
  try {
    const head = await read(file, 0, 16);
    const reader = new TiffReader(file, head);
    const directories: TiffDirectory[] = [];
    const seen = new Set<number>();
    let offset = reader.firstDirectory(head);
    while (offset !== 0 && !seen.has(offset) && directories.length < maxDirectories) {
      seen.add(offset);
      const directory = await reader.directory(offset, directories.length);
      if (directory === null) break;
      directories.push(directory.page);
      offset = directory.next;
    }
    if (directories.length === 0) throw new Error("no directory");
    return directories;
  } catch (cause) {
    throw new QuireError(
      "corrupt_file",
      "The TIFF is damaged: its first page cannot be found. Scan or export it again.",
      {
        cause,
      },
    );
  } finally {
    await file.close();
  }
}

class TiffReader {
  readonly #file: FileHandle;
  readonly #little: boolean;
  readonly #big: boolean;

  constructor(file: FileHandle, head: Buffer) {
    this.#file = file;
    this.#little = head.toString("latin1", 0, 2) === "II";
    this.#big = this.#integer(head, 2, 2) === 43;
  }

  firstDirectory(head: Buffer): number {
    return this.#big ? this.#integer(head, 8, 8) : this.#integer(head, 4, 4);
  }

  /** The directory at an offset and the offset of the next, or null where the file is cut short. */
  async directory(offset: number, index: number): Promise<{ page: TiffDirectory; next: number } | null> {
    const [countBytes, entryBytes, offsetBytes] = this.#big ? [8, 20, 8] : [2, 12, 4];
    const head = await read(this.#file, offset, countBytes);
    if (head.length < countBytes) return null;
    const count = this.#integer(head, 0, countBytes);
    if (count === 0 || count > maxEntries) return null;
    const body = await read(this.#file, offset + countBytes, count * entryBytes + offsetBytes);
    const next =
      body.length < count * entryBytes + offsetBytes
        ? 0
        : this.#integer(body, count * entryBytes, offsetBytes);

    const values = new Map<number, number>();
    for (
      let entry = 0;
      entry + entryBytes <= body.length && entry < count * entryBytes;
      entry += entryBytes
    ) {
      const name = this.#integer(body, entry, 2);
      if (Object.values(tag).includes(name)) values.set(name, await this.#value(body, entry));
    }
    const perInch = values.get(tag.unit) === unitCentimetre ? centimetresPerInch : 1;
    const dpi = (name: number) => {
      const value = (values.get(name) ?? 0) * perInch;
      return Number.isFinite(value) && value > 0 ? value : undefined;
    };
    const page: TiffDirectory = {
      index,
      width: values.get(tag.width) ?? 0,
      height: values.get(tag.height) ?? 0,
      dpiAcross: dpi(tag.xResolution),
      dpiDown: dpi(tag.yResolution),
      orientation: values.get(tag.orientation),
      reduced: ((values.get(tag.newSubfileType) ?? 0) & 1) === 1,
    };
    return { page, next };
  }

  /** The first value of an entry: SHORT, LONG, LONG8 in place, RATIONAL behind an offset (in place in BigTIFF). */
  async #value(body: Buffer, entry: number): Promise<number> {
    const type = this.#integer(body, entry + 2, 2);
    const field = entry + (this.#big ? 12 : 8);
    if (type === 3) return this.#integer(body, field, 2);
    if (type === 4) return this.#integer(body, field, 4);
    if (type === 16 && this.#big) return this.#integer(body, field, 8);
    if (type !== 5) return Number.NaN;
    const rational = this.#big
      ? body.subarray(field, field + 8)
      : await read(this.#file, this.#integer(body, field, 4), 8);
    if (rational.length < 8) return Number.NaN;
    return this.#integer(rational, 0, 4) / this.#integer(rational, 4, 4);
  }

  #integer(buffer: Buffer, offset: number, bytes: number): number {
    if (bytes === 8)
      return Number(this.#little ? buffer.readBigUInt64LE(offset) : buffer.readBigUInt64BE(offset));
    return this.#little ? buffer.readUIntLE(offset, bytes) : buffer.readUIntBE(offset, bytes);
  }
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
