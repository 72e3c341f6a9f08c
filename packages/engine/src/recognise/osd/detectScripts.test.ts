import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadConfig } from "@quire/core";
import { openDocument } from "../../formats/openDocument.ts";
import { encodeNetpbm } from "../../raster/netpbm.ts";
import { turned } from "../../upright/quarterTurns.ts";
import { detectScripts } from "./detectScripts.ts";

const dpi = 200;

async function raster(sample: string) {
  const path = fileURLToPath(new URL(`../../../../../samples/languages/${sample}`, import.meta.url));
  const document = await openDocument(path, undefined, loadConfig({}).limits);
  try {
    return await (await document.openPage(1)).rasterise(dpi);
  } finally {
    await document.close();
  }
}

test("script and orientation of pages are told, and an image that is none does no harm", async () => {
  const latin = turned(await raster("french.tif"), 90);
  const detected = await detectScripts([
    { image: encodeNetpbm(await raster("russian.tif")), dpi },
    { image: new Uint8Array([1, 2, 3]), dpi },
    { image: encodeNetpbm(latin), dpi },
  ]);
  assert.deepEqual(
    detected.map((each) => each && [each.script, each.orientation]),
    [["Cyrillic", 0], null, ["Latin", 270]],
  );
});
