import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import {
  type Config,
  type CorrectionMode,
  localOwnerId,
  type Quality,
  type TextLayerMode,
} from "@quire/core";
import { checkFileSize, parseLanguages, sizeOf } from "@quire/engine";
import { addStored, originalKey } from "@quire/store";
import { type ExitCode, exitCodeOf, exitCodes, explain, mostSerious } from "./exitCodes.ts";
import { type Installation, withInstallation } from "./installation.ts";
import { printable } from "./printable.ts";
import { watchDocuments } from "./watch.ts";

export interface AddOptions {
  readonly lang: string;
  readonly textLayer: TextLayerMode;
  readonly rotate: CorrectionMode;
  /** Undefined: as OCR_QUALITY says where it is read. */
  readonly quality?: Quality;
  readonly priority: number;
  readonly force: boolean;
  readonly watch: boolean;
}

/** `quire add`: stores documents and queues them; with `--watch` until all of them have been read. */
export async function add(files: readonly string[], options: AddOptions, config: Config): Promise<ExitCode> {
  return withInstallation(config, async (installation) => {
    const codes: ExitCode[] = [exitCodes.read];
    const added: string[] = [];
    for (const file of files) {
      try {
        const { id, created } = await addFile(file, options, config, installation);
        added.push(id);
        const note = created ? "" : "  (there already; --force reads it again)";
        process.stdout.write(`${id}  ${printable(basename(file))}${note}\n`);
      } catch (error) {
        process.stderr.write(`quire: ${printable(basename(file))}: ${explain(error)}\n`);
        codes.push(exitCodeOf(error));
      }
    }
    if (options.watch && added.length > 0) codes.push(await watchDocuments(added, installation.documents));
    return mostSerious(codes);
  });
}

async function addFile(
  file: string,
  { lang, textLayer, rotate, quality, priority, force }: AddOptions,
  { limits }: Config,
  { files, documents }: Installation,
): Promise<{ id: string; created: boolean }> {
  checkFileSize(await sizeOf(file), limits);
  const id = randomUUID();
  const storageKey = originalKey(localOwnerId, id);
  const stored = await files.put(storageKey, createReadStream(file), { maxBytes: limits.maxFileBytes });
  return addStored(documents, files, {
    id,
    ownerId: localOwnerId,
    filename: basename(file).slice(0, 255),
    storageKey,
    ...stored,
    options: { languages: parseLanguages(lang), textLayer, rotate, ...(quality && { quality }) },
    priority,
    force,
  });
}
