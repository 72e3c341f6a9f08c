import { once } from "node:events";
import { createWriteStream, statSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { basename, join, parse } from "node:path";
import { finished } from "node:stream/promises";
import { type OutputFormat, outputExtensions } from "@quire/outputs";

/** Where the text of one document goes. */
export interface Output {
  write(text: string): Promise<void>;
  /** Everything is written: the result appears under its name. */
  finish(): Promise<void>;
  /** The document ended in an error: nothing half written stays behind. */
  abandon(): Promise<void>;
}

/** Standard output, or a file that appears under its name only when it is complete. */
export async function openOutput(path: string | undefined): Promise<Output> {
  if (path === undefined) {
    return {
      async write(text) {
        if (!process.stdout.write(text)) await once(process.stdout, "drain");
      },
      async finish() {},
      async abandon() {},
    };
  }
  const existing = statSync(path, { throwIfNoEntry: false });
  // A device or a pipe is written to as it is.
  const replaceable = existing === undefined || existing.isFile();
  const target = replaceable ? `${path}.partial` : path;
  const stream = createWriteStream(target);
  await once(stream, "open");
  const end = async () => {
    stream.end();
    await finished(stream);
  };
  return {
    async write(text) {
      if (!stream.write(text)) await once(stream, "drain");
    },
    async finish() {
      await end();
      if (replaceable) await rename(target, path);
    },
    async abandon() {
      await end();
      if (replaceable) await rm(target, { force: true });
    },
  };
}

/** Where each of several documents goes in a folder: its own name with the format's ending, numbered if taken. */
export async function outputPaths(
  files: readonly string[],
  folder: string,
  format: OutputFormat,
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const taken = new Set<string>();
  return files.map((file) => {
    const name = parse(basename(file)).name;
    let candidate = name;
    for (let number = 2; taken.has(candidate); number++) candidate = `${name}-${number}`;
    taken.add(candidate);
    return join(folder, `${candidate}.${outputExtensions[format]}`);
  });
}
