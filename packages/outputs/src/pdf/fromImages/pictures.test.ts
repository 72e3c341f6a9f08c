import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openSharp, readTiffPages, sharp } from "@quire/engine/images";
import { groupFourTiff } from "../../testing/groupFourTiff.ts";
import { pdfiumPages } from "../../testing/pdfiumPages.ts";
import { pngOf } from "../../testing/pngOf.ts";
import { writeImages } from "../../testing/writeImages.ts";

const root = fileURLToPath(new URL("../../../../../", import.meta.url));
const corpus = join(root, "../shared/corpus");
const maxPixels = 100_000_000;

const folder = mkdtempSync(join(tmpdir(), "quire-pictures-"));
after(() => rmSync(folder, { recursive: true }));

/** Writing on paper, in a way that no two rows are the same: grey, colour, or black on white. */
function drawing(width: number, height: number) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="#fff"/><stop offset="1" stop-color="#26a"/></linearGradient></defs>
    <rect width="100%" height="100%" fill="#fff"/><rect x="10" y="10" width="60%" height="50%" fill="url(#g)"/>
    <circle cx="70%" cy="70%" r="20" fill="#b31"/><path d="M5 ${height - 9} L${width - 3} 14" stroke="#000" stroke-width="3"/></svg>`;
  return sharp(Buffer.from(svg)).flatten({ background: "#ffffff" });
}

async function keep(name: string, image: ReturnType<typeof drawing>): Promise<string> {
  const path = join(folder, name);
  writeFileSync(path, await image.toBuffer());
  return path;
}

/** The pictures of a PDF made of a file have the pixels that libvips finds in the file. */
async function assertSamePixels(path: string, pdf: Buffer): Promise<void> {
  const pages = await pdfiumPages(pdf);
  const tiff = extname(path).startsWith(".tif");
  const stored = tiff ? (await readTiffPages(path)).map(({ index }) => index) : [0];
  assert.equal(pages.length, stored.length);
  for (const [index, { picture }] of pages.entries()) {
    const image = openSharp({ path, page: stored[index] ?? 0, maxPixels });
    const { data, info } = await image
      .flatten({ background: "#ffffff" })
      .toColourspace("srgb")
      .raw()
      .toBuffer({ resolveWithObject: true });
    const expected = info.channels === 1 ? threefold(data) : data;
    assert.deepEqual([picture?.width, picture?.height], [info.width, info.height]);
    assert.ok(picture?.rgb.equals(expected), `${basename(path)}, page ${index + 1}`);
  }
}

/** Samples of 16 bits are the same to the last bit: PDFium shows the higher half, and rounds it. */
async function assertSameSamples(path: string): Promise<void> {
  const original = sharp(path);
  const { width, height, channels, space } = await original.metadata();
  const expected = await original.toColourspace(space).raw({ depth: "ushort" }).toBuffer();
  const stored = (await pdfiumPages(await writeImages(path)))[0]?.stored as Buffer;
  const decoded = sharp(pngOf(width, height, 16, channels, stored));
  assert.ok((await decoded.toColourspace(space).raw({ depth: "ushort" }).toBuffer()).equals(expected));
}

function threefold(grey: Uint8Array): Buffer {
  const rgb = Buffer.alloc(grey.length * 3);
  for (const [at, level] of grey.entries()) rgb.fill(level, at * 3, at * 3 + 3);
  return rgb;
}

const [short, tall] = [drawing(150, 100), drawing(230, 320)];
const bilevel = { compression: "ccittfax4", bitdepth: 1 } as const;
const tiffs = {
  "strip-none": short.clone().tiff({ compression: "none" }),
  "strip-lzw": short.clone().tiff({ compression: "lzw", predictor: "none" }),
  "strip-lzw-predictor": short.clone().tiff({ compression: "lzw", predictor: "horizontal" }),
  "strip-deflate": short.clone().tiff({ compression: "deflate", predictor: "horizontal" }),
  "strip-jpeg": short.clone().tiff({ compression: "jpeg", quality: 90 }),
  "strip-jpeg-grey": short.clone().greyscale().tiff({ compression: "jpeg", quality: 90 }),
  "strip-g4": short.clone().threshold(128).toColourspace("b-w").tiff(bilevel),
  "strips-none": tall.clone().tiff({ compression: "none" }),
  "strips-lzw-grey": tall.clone().greyscale().tiff({ compression: "lzw", predictor: "horizontal" }),
  "strips-packbits": tall.clone().tiff({ compression: "packbits" }),
  "strips-jpeg": tall.clone().tiff({ compression: "jpeg", quality: 90 }),
  "strips-g4": tall.clone().threshold(128).toColourspace("b-w").tiff(bilevel),
  "strips-big": tall.clone().tiff({ compression: "deflate", bigtiff: true }),
  "strips-alpha": tall.clone().ensureAlpha(0.4).tiff({ compression: "deflate" }),
  "tiles-deflate": tall.clone().tiff({ compression: "deflate", tile: true, tileWidth: 64, tileHeight: 48 }),
  "tiles-jpeg": tall.clone().tiff({ compression: "jpeg", tile: true, tileWidth: 64, tileHeight: 64 }),
};

for (const [name, image] of Object.entries(tiffs)) {
  test(`a TIFF keeps its pixels: ${name}`, async () => {
    const path = await keep(`${name}.tif`, image);
    await assertSamePixels(path, await writeImages(path));
  });
}

for (const photometric of [0, 1] as const) {
  test(`black and white are not confused where white runs are ${["white", "black"][photometric]}`, async () => {
    const rows = Array.from({ length: 40 }, (_, y) => Buffer.alloc(100, 255).fill(0, y, 2 * y + 3));
    const path = join(folder, `photometric-${photometric}.tif`);
    writeFileSync(path, await groupFourTiff(rows, photometric));
    await assertSamePixels(path, await writeImages(path));
  });
}

const pngs = {
  palette: short.clone().png({ palette: true }),
  grey: short.clone().greyscale().png(),
  colour: short.clone().png(),
  interlaced: short.clone().png({ progressive: true }),
  alpha: short.clone().ensureAlpha(0.4).png(),
};

for (const [name, image] of Object.entries(pngs)) {
  test(`a PNG keeps its pixels: ${name}`, async () => {
    const path = await keep(`${name}.png`, image);
    await assertSamePixels(path, await writeImages(path));
  });
}

const deep = {
  "deep-grey.tif": tall.clone().toColourspace("grey16").tiff({ compression: "lzw", predictor: "none" }),
  "deep-colour.tif": tall.clone().toColourspace("rgb16").tiff({ compression: "deflate" }),
  "deep.png": short.clone().toColourspace("rgb16").png(),
};

for (const [name, image] of Object.entries(deep)) {
  test(`16 bits a sample are kept: ${name}`, async () => {
    await assertSameSamples(await keep(name, image));
  });
}

const others = {
  webp: short.clone().webp({ quality: 70 }),
  gif: short.clone().gif(),
  avif: short.clone().avif({ effort: 0 }),
};

for (const [name, image] of Object.entries(others)) {
  test(`a ${name.toUpperCase()} keeps its pixels`, async () => {
    const path = await keep(`drawing.${name}`, image);
    await assertSamePixels(path, await writeImages(path));
  });
}

const jpegs = {
  baseline: short.clone().jpeg({ quality: 60 }),
  progressive: short.clone().jpeg({ progressive: true }),
  grey: short.clone().greyscale().jpeg(),
  cmyk: short.clone().toColourspace("cmyk").jpeg(),
};

for (const [name, image] of Object.entries(jpegs)) {
  test(`a JPEG is in the PDF byte for byte: ${name}`, async () => {
    const path = await keep(`${name}.jpg`, image);
    const pages = await pdfiumPages(await writeImages(path));
    assert.deepEqual(pages[0]?.stored, readFileSync(path));
    assert.ok(pages[0]?.picture);
  });
}

test("what a PDF can decode is in it as it is stored: a PNG's data, a TIFF's only strip", async () => {
  for (const name of ["colour.png", "strip-lzw-predictor.tif", "strip-deflate.tif", "strip-g4.tif"]) {
    const path = join(folder, name);
    const stored = (await pdfiumPages(await writeImages(path)))[0]?.stored as Buffer;
    assert.ok(stored.length > 100 && readFileSync(path).includes(stored), name);
  }
});

/** 24 bits a pixel, the lowest row first, each filled up to four bytes. */
function writeBmp(name: string, width: number, height: number, rgb: Buffer): string {
  const rowBytes = Math.ceil((width * 3) / 4) * 4;
  const file = Buffer.alloc(54 + rowBytes * height);
  file.write("BM", "latin1");
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10);
  for (const [at, value] of [40, width, height, 1 | (24 << 16)].entries())
    file.writeUInt32LE(value, 14 + at * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 3;
      const to = 54 + (height - 1 - y) * rowBytes + x * 3;
      for (let colour = 0; colour < 3; colour++) file[to + colour] = rgb[from + 2 - colour] as number;
    }
  }
  const path = join(folder, name);
  writeFileSync(path, file);
  return path;
}

test("a BMP keeps its pixels, and takes no more room than they need", async () => {
  const images = {
    colour: [short.clone(), 8],
    grey: [short.clone().greyscale(), 8],
    bilevel: [short.clone().threshold(128), 1],
  } as const;
  for (const [name, [image, bits]] of Object.entries(images)) {
    const { data, info } = await image.toColourspace("srgb").raw().toBuffer({ resolveWithObject: true });
    const rgb = info.channels === 1 ? threefold(data) : data;
    const pdf = await writeImages(writeBmp(`${name}.bmp`, info.width, info.height, rgb));
    assert.ok((await pdfiumPages(pdf))[0]?.picture?.rgb.equals(rgb), name);
    assert.match(pdf.toString("latin1"), new RegExp(`/BitsPerComponent ${bits} `));
  }
});

test("the samples keep their pixels", async () => {
  for (const name of ["fax.tif", "report.tif"]) {
    const path = join(root, "samples", name);
    await assertSamePixels(path, await writeImages(path));
  }
});

/** Those that say what libvips and PDFium agree on: no profiles, and no CMYK, which each shows in its own way. */
const corpusFiles = [
  "clinical/template_8_sample_1_normal.fax200.tif",
  "awkward/leptonica/form2.tif",
  "awkward/leptonica/jpeg-coded.tif",
  "awkward/leptonica/table.150.png",
  "awkward/libtiff/miniswhite-1c-1b.tiff",
  "awkward/libtiff/palette-1c-4b.tiff",
  "awkward/libtiff/quad-lzw-compat.tiff",
  "awkward/libtiff/quad-tile.jpg.tiff",
  "awkward/libtiff/ojpeg_zackthecat_subsamp22_single_strip.tiff",
  "awkward/pillow/hopper_g4_500.tif",
  "awkward/pillow/pil168.tif",
  "awkward/pillow/tiff_tiled_ycbcr_jpeg_2x2_sampling.tif",
  "awkward/sharp/50020484-00001.png",
  "awkward/sharp/uncompressed_tiff.tiff",
];

test("odd files of other projects keep their pixels", {
  skip: !existsSync(corpus) && "the corpus is not there",
}, async () => {
  for (const name of corpusFiles) {
    const path = join(corpus, name);
    await assertSamePixels(path, await writeImages(path));
  }
});
