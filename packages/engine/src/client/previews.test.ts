import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadConfig, type PageResult } from "@quire/core";
import { maxPreviewBytes, type ReadPage } from "../protocol.ts";
import { previewSidePixels } from "../raster/preview.ts";
import { sharp } from "../raster/sharp.ts";
import { deaths, fake, outcomes, readOptions, start } from "../testing/fakeDocuments.ts";
import { Engine } from "./engine.ts";
import type { EngineDocument } from "./engineDocument.ts";

const real = new Engine(loadConfig({ OCR_THREADS: "2" }));
after(() => real.close());
const withPreviews = { ...readOptions, preview: true };

const sample = (name: string) => fileURLToPath(new URL(`../../../../samples/${name}`, import.meta.url));

async function read(document: EngineDocument): Promise<ReadPage[]> {
  const pages: ReadPage[] = [];
  for await (const page of document.pagesWithPreviews()) pages.push(page);
  document.close();
  return pages;
}

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Decodes a preview. */
async function open({ preview }: ReadPage): Promise<Picture> {
  assert.ok(preview, "there is a preview");
  const { data, info } = await sharp(preview).extractChannel(0).raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, pixels: data };
}

/** The share of a page's words that have ink in their boxes, scaled onto its picture: it is darker there than beside. */
function inkedShare(words: PageResult["words"], scale: number, picture: Picture): number {
  const inked = words.filter(({ box }) => {
    const levels: number[] = [];
    for (let y = Math.floor(box.y * scale); y < (box.y + box.height) * scale; y++)
      for (let x = Math.floor(box.x * scale); x < (box.x + box.width) * scale; x++)
        levels.push(picture.pixels[y * picture.width + x] ?? 255);
    return Math.max(...levels) - Math.min(...levels) > 50;
  });
  return inked.length / words.length;
}

for (const name of ["mixed.pdf", "fax.tif", "photo.jpg"]) {
  test(`each page of ${name} has a picture, upright, onto which its words can be laid`, async () => {
    const pages = await read(await real.openDocument(sample(name), withPreviews));
    assert.ok(pages.length > 0);
    for (const each of pages) {
      const { page } = each;
      const picture = await open(each);
      assert.equal(Math.max(picture.width, picture.height), previewSidePixels);
      const scale = picture.width / page.width;
      assert.ok(Math.abs(page.height * scale - picture.height) <= 1, "the proportions are the page's");
      if (page.outcome === "blank") assert.ok(picture.pixels.every((level) => level > 250));
      else assert.ok(inkedShare(page.words, scale, picture) > 0.95, `${page.pageNumber}`);
      assert.ok((each.preview as Uint8Array).byteLength < 150_000);
    }
  });
}

test("a preview is the page as it is seen, not as it is made ready for the recogniser", async () => {
  const [form] = await read(await real.openDocument(sample("form.png"), withPreviews));
  assert.ok(form);
  const picture = await open(form);
  // White on black titles, which are turned round for the recogniser: then a hundredth would be black.
  const black = picture.pixels.filter((level) => level < 50).length / picture.pixels.length;
  assert.ok(black > 0.02, `${black} of it is black`);
});

test("without previews none is made, and a PDF is read without the library that makes them", async () => {
  const engine = new Engine(loadConfig({ OCR_THREADS: "1" }));
  try {
    const pages = await read(await engine.openDocument(sample("letter.pdf"), readOptions));
    assert.deepEqual(
      pages.map(({ preview }) => preview),
      [null, null],
    );
    if (process.platform !== "linux") return;
    const loaded = () => readFileSync(`/proc/${engine.pids[0]}/maps`, "utf8").includes("libvips");
    assert.equal(loaded(), false);
    await read(await engine.openDocument(sample("letter.pdf"), withPreviews));
    assert.equal(loaded(), true);
  } finally {
    engine.close();
  }
});

test("previews come with their pages, for those who want them", async () => {
  const document = await start().openDocument(fake({ pages: 12, previewBytes: 70_000 }), withPreviews);
  const sizes: (number | undefined)[] = [];
  for await (const { page, preview } of document.pagesWithPreviews())
    sizes[page.pageNumber] = preview?.length;
  assert.deepEqual(sizes.slice(1), Array(12).fill(70_000));
  for await (const page of document.pages()) assert.ok(!("preview" in page));
});

test("a preview may be as large as noise makes it; a larger one breaks the protocol", async () => {
  const largest = await start().openDocument(fake({ pages: 1, previewBytes: maxPreviewBytes }), withPreviews);
  assert.equal((await read(largest))[0]?.preview?.byteLength, maxPreviewBytes);
  const larger = await start().openDocument(
    fake({ pages: 1, previewBytes: maxPreviewBytes + 1 }),
    withPreviews,
  );
  assert.equal((await read(larger))[0]?.page.error?.code, "engine_crashed");
});

for (const [doing, death] of [
  ["crashDrawing", "engine_crashed"],
  ["hangDrawing", "page_timeout"],
] as const) {
  test(`a page that is read stays read, whatever its picture does to the engine: ${death}`, async () => {
    const document = await start({ PAGE_TIMEOUT_SECONDS: "0.5" }).openDocument(
      fake({ pages: 5, previewBytes: 100, [doing]: [2] }),
      withPreviews,
    );
    const pages = await read(document);
    assert.deepEqual(
      outcomes(pages.map(({ page }) => page)),
      [1, 2, 3, 4, 5].map((pageNumber) => [pageNumber, "recognized"]),
    );
    assert.deepEqual(
      pages.map(({ preview }) => preview?.length ?? null),
      [100, null, 100, 100, 100],
    );
    assert.deepEqual(deaths(), [death]);
  });
}
