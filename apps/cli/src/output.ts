import { once } from "node:events";
import { rmSync } from "node:fs";
import { type FileHandle, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { basename, join, parse } from "node:path";
import { QuireError } from "@quire/core";
import { type FileFormat, fileExtensions } from "@quire/outputs";

/** Where the output of one document goes. */
export interface Output {
  /** @throws QuireError `output_unwritable` */
  write(data: string | Uint8Array): Promise<void>;
  /** Everything is written: the result appears under its name. @throws QuireError `output_unwritable` */
  finish(): Promise<void>;
  /** The document ended in an error: nothing half written stays behind. */
  abandon(): Promise<void>;
}

/**
 * Standard output, or a file that appears under its name only when it is complete.
 *
 * @throws QuireError `output_unwritable`
 */
export async function openOutput(path: string | undefined): Promise<Output> {
  if (path === undefined) return standardOutput;
  return orUnwritable(openFile(path));
}

const standardOutput: Output = {
  async write(data) {
    if (!process.stdout.write(data)) await once(process.stdout, "drain");
  },
  async finish() {},
  async abandon() {},
};

async function openFile(path: string): Promise<Output> {
  const existing = await stat(path).catch(() => null);
  // A device or a pipe is written to as it is.
  if (existing && !existing.isFile()) return new PlainFile(await open(path, "w"));
  const partial = `${path}.partial`;
  return new ReplacedFile(await open(partial, "w"), partial, path);
}

class PlainFile implements Output {
  readonly #file: FileHandle;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async write(data: string | Uint8Array): Promise<void> {
    await orUnwritable(this.#file.writeFile(data));
  }

  async finish(): Promise<void> {
    await orUnwritable(this.#file.close());
  }

  async abandon(): Promise<void> {
    await this.#file.close().catch(() => {});
  }
}

/** Written beside its place and moved there in the end; also Ctrl-C leaves nothing half written. */
class ReplacedFile extends PlainFile {
  readonly #partial: string;
  readonly #path: string;
  readonly #removeAtExit = () => rmSync(this.#partial, { force: true });

  constructor(file: FileHandle, partial: string, path: string) {
    super(file);
    this.#partial = partial;
    this.#path = path;
    process.once("exit", this.#removeAtExit);
  }

  override async finish(): Promise<void> {
    await super.finish();
    await orUnwritable(rename(this.#partial, this.#path));
    process.off("exit", this.#removeAtExit);
  }

  override async abandon(): Promise<void> {
    await super.abandon();
    await rm(this.#partial, { force: true }).catch(() => {});
    process.off("exit", this.#removeAtExit);
  }
}

async function orUnwritable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw unwritable(cause as NodeJS.ErrnoException);
  }
}

/** The output cannot be written: no such folder, no right to, no room. */
export function unwritable(cause: NodeJS.ErrnoException): QuireError {
  return new QuireError(
    "output_unwritable",
    `The output cannot be written (${cause.code ?? "unknown"}). Check that its folder exists, may be written to and has room.`,
    { cause },
  );
}

/** Whether this is a folder already. */
export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

/** Where each of several documents goes in a folder: its own name with the format's ending, numbered if taken. @throws QuireError `output_unwritable` */
export async function outputPaths(
  files: readonly string[],
  folder: string,
  format: FileFormat,
): Promise<string[]> {
  await orUnwritable(mkdir(folder, { recursive: true }));
  const taken = new Set<string>();
  return files.map((file) => {
    const name = parse(basename(file)).name;
    let candidate = name;
    for (let number = 2; taken.has(candidate); number++) candidate = `${name}-${number}`;
    taken.add(candidate);
    return join(folder, `${candidate}.${fileExtensions[format]}`);
  });
}
