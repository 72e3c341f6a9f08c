import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadConfig, type PageResult } from "@quire/core";
import type { ReadOptions } from "../protocol.ts";
import { sharp } from "../raster/sharp.ts";
import { readOptions } from "../testing/fakeDocuments.ts";
import { Engine } from "./engine.ts";

const form = fileURLToPath(new URL("../../../../samples/form.png", import.meta.url));
const engine = new Engine(loadConfig({ OCR_THREADS: "2" }));
const folder = await mkdtemp(join(tmpdir(), "quire-upright-"));
let upright: PageResult;

before(async () => {
  upright = await read(form);
});
after(() => {
  engine.close();
  rmSync(folder, { recursive: true });
});

/** A copy of the form, turned clockwise. @returns its path */
async function turned(degrees: number): Promise<string> {
  const path = join(folder, `${degrees}.png`);
  await sharp(form).rotate(degrees, { background: "white" }).withMetadata({ density: 200 }).toFile(path);
  return path;
}

async function read(path: string, options: Partial<ReadOptions> = {}): Promise<PageResult> {
  const document = await engine.openDocument(path, { ...readOptions, ...options });
  for await (const page of document.pages()) {
    document.close();
    return page;
  }
  throw new Error("the document has no page");
}

/** The share of the upright form's words that were read as well. */
function recall(page: PageResult): number {
  const left = page.words.map(({ text }) => text);
  const found = upright.words.filter(({ text }) => {
    const index = left.indexOf(text);
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  });
  return found.length / upright.words.length;
}

/** Where the middle of a place on the upright form lies on its copy, which is as much larger as it is turned. */
function middleOnCopy({ box }: PageResult["words"][number], degrees: number, copy: PageResult) {
  const radians = (degrees * Math.PI) / 180;
  const right = box.x + box.width / 2 - upright.width / 2;
  const down = box.y + box.height / 2 - upright.height / 2;
  return {
    x: copy.width / 2 + right * Math.cos(radians) - down * Math.sin(radians),
    y: copy.height / 2 + right * Math.sin(radians) + down * Math.cos(radians),
  };
}

/** The share of the words that both have once whose box on the copy holds the middle of that on the upright form. */
function placedShare(page: PageResult, degrees: number): number {
  const once = (words: PageResult["words"], text: string) =>
    words.filter((word) => word.text === text).length === 1;
  const both = upright.words.filter(({ text }) => once(upright.words, text) && once(page.words, text));
  assert.ok(both.length > 20);
  const placed = both.filter((word) => {
    const { x, y } = middleOnCopy(word, degrees, page);
    const { box } = page.words.find(({ text }) => text === word.text) as PageResult["words"][number];
    return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
  });
  return placed.length / both.length;
}

test("a page that is upright is read as it lies", () => {
  assert.deepEqual([upright.orientation, upright.skew], [0, 0]);
});

for (const { turn, orientation, skew } of [
  { turn: 90, orientation: 270, skew: 0 },
  { turn: 180, orientation: 180, skew: 0 },
  { turn: 270, orientation: 90, skew: 0 },
  { turn: 265, orientation: 90, skew: -5 },
] as const) {
  test(`a page turned by ${turn}° is read as well as upright, and its words stand where they are`, async () => {
    const page = await read(await turned(turn));
    assert.equal(page.orientation, orientation);
    assert.ok(Math.abs(page.skew - skew) <= 0.3, `skew ${page.skew}`);
    assert.ok(recall(page) > 0.9, `recall ${recall(page)}`);
    assert.ok(placedShare(page, turn) > 0.95, `placed ${placedShare(page, turn)}`);
  });
}

test("turning can be switched off", async () => {
  const upsideDown = await read(await turned(180), { rotate: "never" });
  assert.equal(upsideDown.orientation, 0);
  assert.ok(recall(upsideDown) < 0.3);
});
