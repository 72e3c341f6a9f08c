import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { OpenPdfPages, PdfPage } from "./pdfPages.ts";

const sample = (name: string) => fileURLToPath(new URL(`../../../../../samples/${name}`, import.meta.url));

/** What every PDF library behind the port must do. `open` opens a file with the library under test. */
export function testPdfPages(library: string, open: OpenPdfPages): void {
  const folder = mkdtempSync(join(tmpdir(), "quire-pdf-"));
  after(() => rmSync(folder, { recursive: true }));

  async function withPage<T>(
    name: string,
    index: number,
    use: (page: PdfPage) => Promise<T> | T,
  ): Promise<T> {
    const pages = await open(sample(name), undefined);
    const page = await pages.openPage(index);
    try {
      return await use(page);
    } finally {
      page.close();
      await pages.close();
    }
  }

  test(`${library}: the text layer has the words of a digital page, in order, where they stand`, async () => {
    await withPage("letter.pdf", 0, ({ textLayer, widthPoints, heightPoints }) => {
      const { words } = textLayer;
      assert.ok(words.length > 100, `${words.length} words`);
      assert.ok(textLayer.hiddenShare === 0 && textLayer.unmappedShare === 0);
      for (const { text, box } of words) {
        assert.doesNotMatch(text, /\s/);
        assert.ok(
          box.x >= 0 && box.y >= 0 && box.x + box.width <= widthPoints && box.y + box.height <= heightPoints,
        );
      }
      const lines = words.map(({ line }) => line);
      assert.deepEqual(
        lines,
        lines.toSorted((a, b) => a - b),
      );
    });
  });

  test(`${library}: a page is drawn at the size of its resolution, with its ink where its words are`, async () => {
    await withPage("letter.pdf", 0, async (page) => {
      const raster = await page.rasterise(72);
      assert.equal(raster.width, Math.round(page.widthPoints));
      assert.equal(raster.height, Math.round(page.heightPoints));
      assert.equal(raster.pixels.length, raster.width * raster.height);
      assert.equal(raster.pixels[0], 255, "the corner is paper");
      const inked = page.textLayer.words.filter(({ box }) => {
        const darkest = { level: 255 };
        for (let y = Math.floor(box.y); y < box.y + box.height; y++) {
          for (let x = Math.floor(box.x); x < box.x + box.width; x++) {
            darkest.level = Math.min(darkest.level, raster.pixels[y * raster.width + x] ?? 255);
          }
        }
        return darkest.level < 200;
      });
      assert.ok(
        inked.length > page.textLayer.words.length * 0.95,
        `${inked.length} of ${page.textLayer.words.length}`,
      );
    });
  });

  test(`${library}: a scanned page is known by its image`, async () => {
    await withPage("mixed.pdf", 1, ({ textLayer, imageDpi, largestImagePixels }) => {
      assert.equal(textLayer.words.length, 0);
      assert.ok(textLayer.imageShare > 0.9);
      assert.ok(imageDpi !== null && imageDpi > 100 && imageDpi < 400, `${imageDpi} dpi`);
      assert.ok(largestImagePixels > 100_000);
    });
  });

  test(`${library}: a page stored sideways is upright`, async () => {
    await withPage("mixed.pdf", 3, async (page) => {
      assert.equal(page.rotation, 90);
      const raster = await page.rasterise(36);
      assert.ok(page.heightPoints > page.widthPoints && raster.height > raster.width);
    });
  });

  test(`${library}: a password is asked for, refused and accepted`, async () => {
    const path = sample("awkward/encrypted.pdf");
    await assert.rejects(open(path, undefined), { code: "encrypted_pdf", message: /Give its password/ });
    await assert.rejects(open(path, "wrong"), { code: "encrypted_pdf", message: /does not open it/ });
    const pages = await open(path, "quire");
    assert.ok(pages.pageCount > 0);
    await pages.close();
  });

  test(`${library}: what is no PDF is a fault, and a page that is not there too`, async () => {
    const path = join(folder, "noise.pdf");
    writeFileSync(path, "%PDF-1.7\nnothing of a PDF follows\n");
    await assert.rejects(open(path, undefined), { name: "PdfFault" });
    const pages = await open(sample("letter.pdf"), undefined);
    await assert.rejects(pages.openPage(99), { name: "PdfFault" });
    await pages.close();
  });
}
