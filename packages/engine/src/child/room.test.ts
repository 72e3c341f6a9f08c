import assert from "node:assert/strict";
import { test } from "node:test";
import type { OpenedPage } from "../formats/openedDocument.ts";
import { DoesNotFit, Room } from "./room.ts";

const megabyte = 1_000_000;
const limitBytes = 500 * megabyte;

/** A page of 10 by 10 inches: a megapixel at 100 dpi, which costs 3 MB beside what decoding takes. */
function pageOf(decodeMegabytes: number): OpenedPage & { readonly rasterised: number[] } {
  const rasterised: number[] = [];
  return {
    widthInches: 10,
    heightInches: 10,
    rotation: 0,
    ownDpi: null,
    warnings: [],
    decodeBytes: decodeMegabytes * megabyte,
    textLayer: null,
    rasterised,
    async rasterise(dpi) {
      rasterised.push(dpi);
      return { width: 1, height: 1, dpi, pixels: new Uint8Array(1) };
    },
    close() {},
  };
}

/** A room in which so many MB are used, at first and after the pages before have gone. */
function roomWith(usedAtFirst: number, usedWhenIdle: number = usedAtFirst) {
  let usedBytes = usedAtFirst * megabyte;
  const room = new Room({
    gauge: { read: async () => ({ usedBytes, limitBytes }) },
    idle: async () => {
      usedBytes = usedWhenIdle * megabyte;
    },
  });
  const stages: string[] = [];
  return { room, onStage: (stage: string) => stages.push(stage), stages };
}

test("a page that fits is rasterised at once", async () => {
  // 425 MB is where the engine would be replaced.
  const { room, onStage, stages } = roomWith(400);
  const page = pageOf(20);
  await room.guarded(page, onStage).rasterise(100);
  assert.deepEqual(page.rasterised, [100]);
  assert.deepEqual(stages, []);
});

test("a page that does not fit waits for those before it", async () => {
  const { room, onStage, stages } = roomWith(410, 380);
  const page = pageOf(20);
  await room.guarded(page, onStage).rasterise(100);
  assert.deepEqual(page.rasterised, [100]);
  assert.deepEqual(stages, ["waiting", "rendering"]);
});

test("a page that does not fit then either is not begun, and the figures are told", async () => {
  const { room, onStage } = roomWith(410);
  const page = pageOf(20);
  await assert.rejects(room.guarded(page, onStage).rasterise(100), (error) => {
    assert.ok(error instanceof DoesNotFit);
    assert.equal(error.needsBytes, 23 * megabyte);
    assert.equal(error.freeBytes, 15 * megabyte);
    return true;
  });
  assert.deepEqual(page.rasterised, []);
});

test("beside others a page keeps its resolution; alone it is made to fit; that it filled the memory halves it", async () => {
  const { room } = roomWith(395);
  const page = pageOf(15);
  // 15 MB are left of 30 for the raster: 5 megapixels, of which a tenth is left free.
  assert.equal(await room.mostPixels(page, 25 * megabyte, "usual"), 25 * megabyte);
  assert.equal(await room.mostPixels(page, 25 * megabyte, "alone"), 4.5 * megabyte);
  assert.equal(await room.mostPixels(page, 25 * megabyte, "reduced"), 2.25 * megabyte, "smaller than alone");
  assert.equal(await room.mostPixels(page, 4 * megabyte, "reduced"), 2 * megabyte);
  assert.equal(
    await room.mostPixels(pageOf(200), 25 * megabyte, "alone"),
    megabyte,
    "smaller shows no page any more",
  );
});
