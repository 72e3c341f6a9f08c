/** A process that has a PDF made and waits for its first page for ever. It says the maker's process id. */
import { processTree } from "@quire/memory";
import { makePdf } from "../maker/makePdf.ts";

const [path, tempDir] = process.argv.slice(2) as [string, string];
const source = { path, format: "pdf", pageCount: 1, name: "abandoned.pdf", archival: false } as const;
const pages = {
  async *[Symbol.asyncIterator]() {
    await new Promise(() => {});
  },
};
const entry = new URL("./fakeMaker.js", import.meta.url);
for await (const _ of makePdf(source, pages, { tempDir, entry }))
  process.stdout.write(`${processTree(process.pid)[1]}\n`);
