import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { type DocumentOptions, localOwnerId } from "@quire/core";
import { type DiskFileStore, type Documents, originalKey } from "@quire/store";
import { fromTop } from "../quire.ts";
import type { Installation } from "./installation.ts";

/** A document to be read, and which of its pages may fail: nobody else's. */
export interface Planned {
  readonly id: string;
  readonly guilty: readonly number[];
}

const realFiles = ["letter.pdf", "mixed.pdf", "report.tif", "fax.tif", "scan.pdf", "photo.jpg"];

/** Adds fake documents of 1 to 90 pages, two with a page that crashes the engine, and the samples. */
export async function addMixedDocuments(count: number, installation: Installation): Promise<Planned[]> {
  const planned: Planned[] = [];
  for (let index = 0; index < count - realFiles.length; index++) {
    const pages = [1, 2, 3, 8, 15, 30, 90][index % 7] as number;
    const guilty = index === 5 ? [7] : index === 12 ? [2] : [];
    const id = await installation.addFake({ pages, pageMs: 20 + (index % 5) * 20, crash: guilty });
    planned.push({ id, guilty });
  }
  for (const name of realFiles) {
    const id = await installation.add(createReadStream(fromTop(`samples/${name}`)), name);
    planned.push({ id, guilty: [] });
  }
  return planned;
}

/** Stores a document's content and adds it. @returns its id */
export async function put(
  content: Readable,
  filename: string,
  files: DiskFileStore,
  documents: Documents,
  options: Partial<DocumentOptions> = {},
): Promise<string> {
  const id = randomUUID();
  const storageKey = originalKey(localOwnerId, id);
  const { sizeBytes, sha256 } = await files.put(storageKey, content);
  await documents.add({
    id,
    ownerId: localOwnerId,
    filename,
    storageKey,
    sizeBytes,
    sha256,
    options,
    force: true,
  });
  return id;
}
