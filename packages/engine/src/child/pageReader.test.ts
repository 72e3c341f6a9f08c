import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadConfig } from "@quire/core";
import { engineSettings } from "../client/engineSettings.ts";
import type { DocumentSource, EngineMessage } from "../protocol.ts";
import { PageReader } from "./pageReader.ts";

const path = fileURLToPath(new URL("../../../../samples/letter.pdf", import.meta.url));
const source: DocumentSource = {
  path,
  sizeBytes: statSync(path).size,
  options: { languages: ["eng"], textLayer: "only", rotate: "auto", quality: "balanced", preview: false },
};

test("a page that waits for another one, to open the document or to be read, says so", async () => {
  const said: string[] = [];
  await new Promise<void>((resolve) => {
    let read = 0;
    const send = (message: EngineMessage) => {
      if (message.type === "stage") said.push(`${message.pageNumber} ${message.stage}`);
      if (message.type === "page" && ++read === 2) resolve();
    };
    const reader = new PageReader(engineSettings(loadConfig({})), ["eng"], send);
    for (const pageNumber of [1, 2])
      reader.handle({ type: "read", document: 1, source, pageNumber, care: "usual" });
  });
  assert.deepEqual(said, [
    "1 waiting",
    "2 waiting",
    // The first one opens the document for both.
    "1 rendering",
    "1 waiting",
    "2 waiting",
    "1 rendering",
    "2 rendering",
  ]);
});
