import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { failedPage, type PageResult, toReadingSpace } from "@quire/core";
import { orientationRotation, sharp } from "@quire/engine/images";
import { groupFourTiff } from "../../testing/groupFourTiff.ts";
import { pdfiumPages, type SeenPage } from "../../testing/pdfiumPages.ts";
import { readWithPdfjs } from "../../testing/pdfjsReader.ts";
import { missing, popplerTexts, tell } from "../../testing/poppler.ts";
import { writeImages } from "../../testing/writeImages.ts";
import { writtenPage } from "../../testing/writtenPage.ts";
import { writePdfFromImages } from "./writePdfFromImages.ts";

const samples = fileURLToPath(new URL("../../../../../samples/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "quire-images-"));
after(() => rmSync(folder, { recursive: true }));

type Quarter = PageResult["orientation"];
const quarters: readonly Quarter[] = [0, 90, 180, 270];

function keep(name: string, bytes: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** A page that was read: one word, in a box in pixels of a page of this size. */
function readPage(
  pageNumber: number,
  width: number,
  height: number,
  more: Partial<PageResult> = {},
): PageResult {
  const empty = failedPage(pageNumber, { code: "page_unreadable", message: "" });
  const box = { x: width * 0.1, y: height * 0.2, width: width * 0.2, height: height * 0.04 };
  const words = [{ text: `word${pageNumber}`, confidence: 90, uncertain: false, box, line: 0, block: 0 }];
  return { ...empty, outcome: "recognized", error: null, words, width, height, dpi: 200, ...more };
}

/** Red, green, blue and white quarters, clockwise from the top left. */
async function quarteredTiff(orientation: number): Promise<Buffer> {
  const [width, height] = [120, 80];
  const quarter = (background: string, left: number, top: number) => ({
    input: { create: { width: width / 2, height: height / 2, channels: 3 as const, background } },
    left,
    top,
  });
  const parts = [
    quarter("#f00", 0, 0),
    quarter("#0f0", width / 2, 0),
    quarter("#00f", width / 2, height / 2),
  ];
  const image = sharp({ create: { width, height, channels: 3, background: "#fff" } }).composite(parts);
  return image.removeAlpha().withMetadata({ orientation }).tiff({ compression: "deflate" }).toBuffer();
}

/** The colours of the four quarters, clockwise from the top left, each as three digits of 0 and f. */
function quartersOf({ width, height, rgb }: { width: number; height: number; rgb: Buffer }): string[] {
  const places = [
    [1, 1],
    [3, 1],
    [3, 3],
    [1, 3],
  ] as const;
  return places.map(([x, y]) => {
    const at = (Math.floor((height * y) / 4) * width + Math.floor((width * x) / 4)) * 3;
    return [...rgb.subarray(at, at + 3)].map((value) => (value > 127 ? "f" : "0")).join("");
  });
}

for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
  test(`a picture is seen as its orientation says: ${orientation}`, async () => {
    const tiff = await quarteredTiff(orientation);
    const path = keep(`orientation-${orientation}.tif`, tiff);
    const { data, info } = await sharp(tiff)
      .autoOrient()
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const [page] = (await pdfiumPages(await writeImages(path))) as [SeenPage];
    assert.deepEqual(quartersOf(page.render(info.width)), quartersOf({ ...info, rgb: data }));
    assert.ok(Math.abs(page.width / page.height - info.width / info.height) < 0.01);
  });
}

test("a word is where it was read, however the file and what is written on it are turned", async () => {
  for (const orientation of [1, 6, 3, 8, 5]) {
    const path = keep(`word-${orientation}.tif`, await quarteredTiff(orientation));
    const rotation = orientationRotation(orientation);
    const [width, height] = rotation % 180 === 0 ? [1200, 800] : [800, 1200];
    for (const turn of quarters) {
      const result = readPage(1, width, height, { rotation, orientation: turn });
      const [page] = (await pdfiumPages(await writeImages(path, [result]))) as [SeenPage];
      const box = toReadingSpace(result, result.words[0]?.box as PageResult["words"][number]["box"]);
      const turned = turn % 180 !== 0;
      const found = page.find("word1");
      const [across, down] = turned ? [height, width] : [width, height];
      assert.ok(found, `${orientation}, ${turn}`);
      assert.ok(Math.abs(found.x - (box.x + box.width / 2) / across) < 0.02, `${orientation}, ${turn}: x`);
      assert.ok(Math.abs(found.y - (box.y + box.height / 2) / down) < 0.02, `${orientation}, ${turn}: y`);
    }
  }
});

test("a page is as large as its resolution says; a fax of 204 by 98 dpi has its true proportions", async () => {
  const rows = Array.from({ length: 1078 }, () => Buffer.alloc(1728, 255));
  const tiff = await groupFourTiff(rows, 0, { 282: [204, 1], 283: [98, 1] });
  const [fax] = (await pdfiumPages(await writeImages(keep("fax.tif", tiff)))) as [SeenPage];
  assert.ok(Math.abs(fax.width - (1728 / 204) * 72) < 0.01);
  assert.ok(Math.abs(fax.height - (1078 / 98) * 72) < 0.01);
  assert.deepEqual([fax.picture?.width, fax.picture?.height], [1728, 1078]);

  const scan = await sharp({ create: { width: 1275, height: 1650, channels: 3, background: "#fff" } })
    .withMetadata({ density: 150 })
    .png()
    .toBuffer();
  const [letter] = (await pdfiumPages(await writeImages(keep("letter.png", scan)))) as [SeenPage];
  assert.ok(Math.abs(letter.width - 612) < 0.5 && Math.abs(letter.height - 792) < 0.5);
});

test("every page of the file has its picture; those that were read have their words", async () => {
  const results = [
    readPage(2, 1653, 2339),
    { ...failedPage(3, { code: "page_timeout", message: "" }), orientation: 0 as const },
  ];
  const pages = await pdfiumPages(await writeImages(join(samples, "report.tif"), results));
  assert.equal(pages.length, 3);
  assert.deepEqual(
    pages.map(({ text, picture }) => [text.trim(), picture !== null]),
    [
      ["", true],
      ["word2", true],
      ["", true],
    ],
  );
});

test("each page goes out when its result is there, before the next one is asked for", async () => {
  const path = join(samples, "report.tif");
  let written = 0;
  const lengths: number[] = [];
  async function* results() {
    for (const pageNumber of [1, 2, 3]) {
      lengths.push(written);
      yield readPage(pageNumber, 1653, 2339);
    }
  }
  const source = { path, format: "tiff", archival: false, maxPagePixels: 1e8, name: "" } as const;
  for await (const part of writePdfFromImages(source, results())) written += part.length;
  const [first, second, third] = lengths as [number, number, number];
  assert.ok(first < 100 && second > first + 5_000 && third > second + 5_000);
});

test("a picture that is too large or damaged costs its page the picture, not the document", async () => {
  const large = await pdfiumPages(await writeImages(join(samples, "awkward/huge.png")));
  assert.deepEqual(
    large.map(({ picture }) => picture),
    [null],
  );
  const [cut] = await pdfiumPages(await writeImages(join(samples, "awkward/truncated.jpg")));
  assert.ok(cut?.picture);
  const tiff = await quarteredTiff(1);
  const damaged = await writeImages(keep("damaged.tif", tiff.fill(0xaa, 20, 60)));
  assert.equal((await pdfiumPages(damaged)).length, 1);
  await assert.rejects(
    writeImages(keep("cut.png", readFileSync(join(samples, "form.png")).subarray(0, 20))),
    {
      code: "corrupt_file",
    },
  );
});

test("the file's name is the title, where it is given", async () => {
  const path = join(samples, "fax.tif");
  const named = (await writeImages(path, [], { name: "Müller (2).tif" })).toString("latin1");
  assert.match(named, /\/Title <feff004d00fc006c006c/);
  assert.doesNotMatch((await writeImages(path)).toString("latin1"), /\/Title/);
});

test("qpdf finds nothing wrong", { skip: missing("qpdf") }, async () => {
  for (const name of ["fax.tif", "report.tif", "form.png", "photo.jpg"]) {
    const path = keep(`${name}.pdf`, await writeImages(join(samples, name), [readPage(1, 800, 1200)]));
    assert.match(tell("qpdf", ["--check", path]), /No syntax or stream encoding errors found/);
  }
});

const lines = ["Rash or hives, café au lait", "0.5 mg/dl – twice", "再診 2026"];

async function writtenPhoto(): Promise<Buffer> {
  const writing = { width: 1755, height: 2340, dpi: 200, orientation: 0, skew: 0 } as const;
  return writeImages(join(samples, "photo.jpg"), [{ ...writtenPage(lines, writing), rotation: 90 }]);
}

test("pdf.js gives back the words, of a photo that is turned as well", async () => {
  const { texts } = await readWithPdfjs(await writtenPhoto());
  assert.deepEqual(
    texts[0]?.split(/\s+/).filter(Boolean),
    lines.flatMap((line) => line.split(" ")),
  );
});

test("Poppler gives back the words", { skip: missing("pdftotext") }, async () => {
  const [text] = popplerTexts(await writtenPhoto());
  assert.deepEqual(text?.trim().split("\n"), lines);
});
