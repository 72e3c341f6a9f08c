/**
 * Makes the sample documents in samples/, with the text that is to be read in each. Run by `npm run samples`.
 *
 * Every person, clinic and value in them is invented. Nothing depends on the clock or on chance, so that the
 * same machine makes the same bytes again. Another machine may not: pictures are drawn with the fonts that its
 * fontconfig finds (see sheetImage.ts), and a machine without any draws no text at all. That is why the samples
 * are committed; make them anew only where the fonts are installed (Debian: fonts-liberation2).
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { awkwardSamples } from "./awkwardSamples.ts";
import { languageSamples } from "./languageSamples.ts";
import { ordinarySamples } from "./ordinarySamples.ts";

const folder = new URL("../../../samples/", import.meta.url);
const awkwardFolder = new URL("awkward/", folder);
const languagesFolder = new URL("languages/", folder);

for (const made of [awkwardFolder, languagesFolder]) {
  // Only made files are in there: one that is no longer made goes.
  await rm(made, { recursive: true, force: true });
  await mkdir(made, { recursive: true });
}

for (const { file, data, truth } of await ordinarySamples()) {
  await write(new URL(file, folder), data);
  await write(new URL(file.replace(/\.\w+$/, ".txt"), folder), truth);
}

const index: object[] = [];
for (const { file, data, expect, code, truth } of await awkwardSamples()) {
  await write(new URL(file, awkwardFolder), data);
  // The whole name is kept: truncated.pdf and truncated.jpg have a truth each.
  const truthFile = truth === undefined ? undefined : `${file}.txt`;
  if (truthFile && truth) await write(new URL(truthFile, awkwardFolder), truth);
  index.push({ file, expect, code, truth: truthFile });
}
await write(new URL("index.json", awkwardFolder), `${JSON.stringify(index, null, 2)}\n`);

for (const { file, data } of await languageSamples()) await write(new URL(file, languagesFolder), data);

async function write(url: URL, data: Uint8Array | string): Promise<void> {
  await writeFile(url, data);
  process.stdout.write(`${fileURLToPath(url).slice(fileURLToPath(folder).length)}  ${data.length} bytes\n`);
}
