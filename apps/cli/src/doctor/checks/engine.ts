import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Engine } from "@quire/engine";
import { reportReader } from "@quire/worker/reader";
import { type Check, failure, ok, warning } from "../check.ts";
import { tinyPage, tinyPageWord } from "../tinyPage.ts";

const isolations = {
  user: "without a network, and apart from other processes",
  network: "without a network",
  none: "but may open connections, as this machine allows no namespaces (docs/security.md)",
} as const;

/** Has a page read, from the file to the recognised word, by an engine that is confined as a worker's is. */
export const engine: Check = {
  name: "engine",
  withinSeconds: 120,
  async run({ config, tempDir }) {
    const folder = await mkdtemp(join(tempDir, "quire-doctor-"));
    const reader = new Engine({ ...config, ocrThreads: 1 }, { linksFolder: join(folder, "reading") });
    try {
      const path = join(folder, "page.pdf");
      await writeFile(path, tinyPage(), { mode: 0o600 });
      const options = {
        languages: ["eng"],
        textLayer: "never",
        rotate: "never",
        quality: config.quality,
        preview: true,
      } as const;
      const document = await reader.openDocument(path, options);
      for await (const { page, preview } of document.pagesWithPreviews()) {
        if (page.error) return failure(`${page.error.code}: a page was not read.`, page.error.message);
        if (!page.text.includes(tinyPageWord) || preview === null)
          return failure("A page was read wrong.", "Install again: npm ci && npm run build");
      }
      const reads = `It reads, under Node's permission model, ${isolations[reader.isolation]}.`;
      const status = reader.readerStatus;
      if (status === null) return ok(reads);
      const { line, isFallback } = reportReader(status, config);
      const message = `${reads} Reader: ${line}.`;
      return isFallback
        ? warning(message, "To use Tesseract on purpose, set READER=tesseract.")
        : ok(message);
    } finally {
      reader.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
};
