import { randomUUID } from "node:crypto";
import { type FileHandle, open, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StringDecoder } from "node:string_decoder";
import { QuireError } from "@quire/core";

const pieceBytes = 64 * 1024;

/**
 * Text in a temporary file, for a format whose beginning depends on what comes later. The file is unlinked as soon as it
 * is open, so the system deletes it however the process ends.
 */
export class SpooledText {
  readonly #file: FileHandle;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /**
   * @param tempDir null: the system's temporary folder
   * @throws QuireError `temp_dir_unavailable`
   */
  static async create(tempDir: string | null): Promise<SpooledText> {
    const path = join(tempDir ?? tmpdir(), `quire-text-${randomUUID()}`);
    try {
      const file = await open(path, "wx+", 0o600);
      await unlink(path);
      return new SpooledText(file);
    } catch (cause) {
      throw unavailable(cause);
    }
  }

  /** @throws QuireError `temp_dir_unavailable`, such as when the disk is full */
  async append(text: string): Promise<void> {
    try {
      await this.#file.appendFile(text);
    } catch (cause) {
      throw unavailable(cause);
    }
  }

  /** All of it, in pieces. */
  async *read(): AsyncGenerator<string> {
    const decoder = new StringDecoder("utf8");
    const piece = Buffer.alloc(pieceBytes);
    let position = 0;
    for (;;) {
      const { bytesRead } = await this.#file.read(piece, 0, pieceBytes, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield decoder.write(piece.subarray(0, bytesRead));
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

function unavailable(cause: unknown): QuireError {
  return new QuireError(
    "temp_dir_unavailable",
    "The temporary folder cannot be written. Check TEMP_DIR: that it exists, may be written to and has room.",
    { cause },
  );
}
