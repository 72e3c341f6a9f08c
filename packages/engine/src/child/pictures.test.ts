import assert from "node:assert/strict";
import { test } from "node:test";
import type { OpenedPage } from "../formats/openedDocument.ts";
import { maxPreviewBytes } from "../protocol.ts";
import type { GreyRaster } from "../raster/greyRaster.ts";
import { encodingBytes, previewSidePixels } from "../raster/preview.ts";
import { sharp } from "../raster/sharp.ts";
import { drawPicture, pictureOf, toPreview } from "./pictures.ts";
import { DoesNotFit, Room } from "./room.ts";

/** From here on the engine would be replaced. */
const highShare = 0.85;

/** A room in which so many bytes are free. */
function roomWith(freeBytes: number): Room {
  const limitBytes = 500_000_000;
  const usedBytes = limitBytes * highShare - freeBytes;
  return new Room({
    gauge: { read: async () => ({ usedBytes, limitBytes }) },
    idle: async () => {},
  });
}

const room = roomWith(encodingBytes);

function rasterOf(width: number, height: number, level: (index: number) => number): GreyRaster {
  return { width, height, dpi: 200, pixels: Uint8Array.from({ length: width * height }, (_, i) => level(i)) };
}

/** A page that is drawn from text, of so many inches, and at which resolutions it was. */
function pageOf(widthInches: number, heightInches: number, refusal?: Error) {
  const drawnAt: number[] = [];
  const page: OpenedPage = {
    widthInches,
    heightInches,
    rotation: 0,
    ownDpi: null,
    warnings: [],
    decodeBytes: 0,
    textLayer: null,
    async rasterise(dpi) {
      drawnAt.push(dpi);
      if (refusal) throw refusal;
      return rasterOf(Math.round(widthInches * dpi), Math.round(heightInches * dpi), () => 255);
    },
    close() {},
  };
  return { page, drawnAt };
}

test("a raster is made smaller, in its proportions; a small one stays, and either is a copy", async () => {
  const large = await pictureOf(
    rasterOf(2_000, 2_600, () => 255),
    room,
  );
  assert.deepEqual([large?.width, large?.height, large?.dpi], [1_000, previewSidePixels, 100]);
  const raster = rasterOf(300, 200, (index) => index % 256);
  const small = await pictureOf(raster, room);
  const before = raster.pixels.slice();
  raster.pixels.fill(0);
  assert.deepEqual([small?.width, small?.height], [300, 200]);
  assert.deepEqual(small?.pixels, before);
});

test("a page is drawn in the size of a preview, and no finer than its words are placed", async () => {
  const letter = pageOf(6.5, 13);
  const picture = await drawPicture(letter.page, room);
  assert.deepEqual([picture?.width, picture?.height], [650, previewSidePixels]);
  const card = pageOf(2, 1);
  await drawPicture(card.page, room);
  assert.deepEqual(card.drawnAt, [200]);
});

test("there is no picture where what encoding it takes is not free: the page is not even drawn", async () => {
  const full = roomWith(encodingBytes - 1);
  const { page, drawnAt } = pageOf(7, 14);
  assert.equal(await drawPicture(page, full), null);
  assert.deepEqual(drawnAt, []);
  const raster = rasterOf(300, 200, () => 255);
  assert.equal(await pictureOf(raster, full), null);
});

test("a page that cannot be drawn, or does not fit, has no picture", async () => {
  for (const refusal of [new DoesNotFit(3, 2, 1), new Error("damaged")])
    assert.equal(await drawPicture(pageOf(7, 14, refusal).page, room), null);
  const broken = { ...rasterOf(2, 2, () => 255), width: 3 };
  assert.equal(await toPreview(broken), null);
  assert.equal(await toPreview(null), null);
});

test("a preview is a grey WebP of the picture's size; even noise is within the bound", async () => {
  // A linear congruential generator (Numerical Recipes): noise that is the same each time.
  let state = 1;
  const noise = rasterOf(previewSidePixels, previewSidePixels, () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state > 2 ** 31 ? 255 : 0;
  });
  const preview = await toPreview(noise);
  assert.ok(preview && preview.byteLength <= maxPreviewBytes);
  const { format, width, height } = await sharp(preview).metadata();
  assert.deepEqual([format, width, height], ["webp", previewSidePixels, previewSidePixels]);
});
