import assert from "node:assert/strict";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import sharp from "sharp";
import { browserTests } from "./browserTests.ts";
import { wordInPicture } from "./documentPage.ts";
import { openDocument, upload } from "./documentsPage.ts";
import { sample } from "./filesToUpload.ts";

const browserTest = browserTests();

/** A word of samples/form.png that has nothing beside it but the blank of its table's cell. */
const lone = "Ferritin";

/** How a form may have been put on the scanner. */
const lying = [
  { name: "on-its-left-side.png", turnedBy: 270 },
  { name: "on-its-right-side.png", turnedBy: 90 },
  { name: "upside-down-and-askew.png", turnedBy: 182 },
];

for (const { name, turnedBy } of lying) {
  browserTest(
    `a word is found and copied where it is printed, the page lying ${turnedBy}°`,
    async (stage) => {
      const { service, visitor } = stage;
      const path = join(service.folder, name);
      await sharp(sample("form.png")).rotate(turnedBy, { background: "white" }).withDensity(200).toFile(path);
      const tab = await visitor.open();
      await (await upload(tab, path)).getByText("Ready, 1 page").waitFor();
      await openDocument(tab, name);

      await tab.getByRole("searchbox", { name: "Search in this document" }).fill(lone);
      await tab.keyboard.press("Enter");
      await tab.getByText("Found on 1 page").waitFor();
      const word = wordInPicture(tab, lone);
      await word.and(tab.locator(".word-match")).waitFor();
      const picture = tab.getByRole("img", { name: "Page 1 as it looks" });
      await picture.evaluate((image: HTMLImageElement) => image.decode());
      for (const _ of ["1.5", "2", "3"]) await tab.getByRole("button", { name: "Larger picture" }).click();
      await isOnItsInk(tab, word);

      const place = await word.boundingBox();
      assert.ok(place && place.width > place.height, "what is written stands upright");
      await tab.mouse.dblclick(place.x + place.width / 2, place.y + place.height / 2);
      await tab.keyboard.press("Control+C");
      assert.equal(await tab.evaluate(() => navigator.clipboard.readText()), lone);
    },
  );
}

/** As much of a word's height as its mark may be wide of the ink, at either side, and as is looked at around it. */
const tolerance = 0.15;
const margin = 0.2;
/** Ink is darker than this, of 255: the thin strokes of a preview that is shown larger than it is are grey. */
const inkBelow = 190;

/** The mark of a word begins and ends where its ink does: what is around it is blank. */
async function isOnItsInk(tab: Page, word: Locator): Promise<void> {
  await word.scrollIntoViewIfNeeded();
  const mark = await word.boundingBox();
  assert.ok(mark);
  const around = {
    x: mark.x - margin * mark.height,
    y: mark.y,
    width: mark.width + 2 * margin * mark.height,
  };
  const clip = { ...around, height: mark.height };
  // What lies over the picture would colour it.
  const layer = tab.locator(".word-layer");
  await layer.evaluate((element) => element.style.setProperty("visibility", "hidden"));
  const png = await tab.screenshot({ clip });
  await layer.evaluate((element) => element.style.removeProperty("visibility"));
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const columns: number[] = [];
  for (let x = 0; x < info.width; x++) {
    for (let y = 0; y < info.height; y++) {
      if ((data[(y * info.width + x) * info.channels] as number) < inkBelow) {
        columns.push(x / info.width);
        break;
      }
    }
  }
  const [left, right] = [columns[0], columns.at(-1)];
  assert.ok(left !== undefined && right !== undefined, "there is no ink under the mark");
  const from = clip.x + left * clip.width;
  const to = clip.x + right * clip.width;
  const wide = tolerance * mark.height;
  const where = `ink from ${from} to ${to}, mark from ${mark.x} to ${mark.x + mark.width}`;
  assert.ok(Math.abs(from - mark.x) <= wide && Math.abs(to - mark.x - mark.width) <= wide, where);
}
