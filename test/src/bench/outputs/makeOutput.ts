/**
 * What is measured: a process that has an engine, idle, and makes one output of page results that lie in a file, as a
 * service does. It says when it is ready, begins when it is told to, and writes to a file.
 */
import { once } from "node:events";
import { open, stat } from "node:fs/promises";
import { loadConfig } from "@quire/core";
import { Engine } from "@quire/engine";
import { type FileFormat, formatters, makePdf } from "@quire/outputs";
import { storedPages } from "./storedPages.ts";

const [format, original, pagesFile, pageCount, target] = process.argv.slice(2) as [
  FileFormat,
  string,
  string,
  string,
  string,
];
const engine = new Engine(loadConfig({ OCR_THREADS: "2" }));
await readOnePage();
process.stdout.write("ready\n");
await once(process.stdin, "data");

const file = await open(target, "w");
for await (const data of output()) await file.writeFile(data);
await file.close();
engine.close();
process.stdin.destroy();

/** After it, the engine holds what it always holds: its libraries, its models. */
async function readOnePage(): Promise<void> {
  const document = await engine.openDocument(original, {
    languages: ["eng"],
    textLayer: "never",
    rotate: "never",
    quality: "balanced",
    preview: false,
  });
  for await (const _ of document.pages({ pageNumbers: [1] })) break;
  document.close();
}

async function* output(): AsyncGenerator<string | Uint8Array> {
  const pages = storedPages(pagesFile, Number(pageCount));
  const facts = {
    format: "pdf",
    pageCount: Number(pageCount),
    sizeBytes: (await stat(original)).size,
    conservative: false,
  } as const;
  if (format === "pdf")
    yield* makePdf({ ...facts, path: original, name: "measured.pdf", archival: false }, pages);
  else yield* formatters[format]({ name: "measured.pdf", facts }, pages);
}
