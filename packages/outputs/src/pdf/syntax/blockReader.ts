import { type FileHandle, open } from "node:fs/promises";
import { BytesEnd, PdfParser } from "./parser.ts";
import { PdfDamage } from "./values.ts";

/** What is read at first of an object: most page dictionaries are under a kilobyte. */
const firstBytes = 4_096;
/** No single object is longer, but for its stream. Resources of a page have some kilobytes. */
const maxObjectBytes = 4_000_000;

/** A file, read in blocks where and when they are needed. */
export class BlockReader {
  readonly #file: FileHandle;
  readonly size: number;

  private constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.size = size;
  }

  static async open(path: string): Promise<BlockReader> {
    const file = await open(path);
    return new BlockReader(file, (await file.stat()).size);
  }

  /** `length` bytes from `offset` on, fewer where the file ends. */
  async read(offset: number, length: number): Promise<Buffer> {
    const wanted = Math.max(0, Math.min(length, this.size - offset));
    const bytes = Buffer.allocUnsafe(wanted);
    let done = 0;
    while (done < wanted) {
      const { bytesRead } = await this.#file.read(bytes, done, wanted - done, offset + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return bytes.subarray(0, done);
  }

  /**
   * Reads what stands at a place, of which the length is not known before.
   *
   * @throws PdfDamage where the file ends before it, or where it is too long
   */
  async parse<T>(offset: number, read: (parser: PdfParser) => T): Promise<T> {
    for (let length = firstBytes; ; length *= 4) {
      const bytes = await this.read(offset, length);
      // A word ends where the file does.
      const whole = bytes.length < length ? Buffer.concat([bytes, Buffer.from("\n")]) : bytes;
      try {
        return read(new PdfParser(whole));
      } catch (error) {
        if (!(error instanceof BytesEnd)) throw error;
        if (bytes.length < length) throw new PdfDamage("the file ends within an object");
        if (length > maxObjectBytes) throw new PdfDamage("an object is too long");
      }
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
