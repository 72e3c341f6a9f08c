import { randomUUID } from "node:crypto";
import { type FileHandle, open, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { QuireError } from "@quire/core";

/**
 * Text in a temporary file, for a format whose beginning depends on what comes later. The file has no name, so the
 * system deletes it however the process ends.
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
  read(): AsyncIterable<string> {
    return this.#file.createReadStream({ start: 0, encoding: "utf8", autoClose: false });
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
