import type { PageResult } from "@quire/core";
import { encodeNetpbm, type PageImage } from "../raster/netpbm.ts";
import type { OcrUse } from "../recognise/ocrPool.ts";
import { toBoxSpace } from "../upright/placement.ts";
import type { UprightImage } from "../upright/prepareUpright.ts";
import { type Reading, readAsItLies, readUpright } from "../upright/readUpright.ts";
import { recognised } from "./pageResults.ts";
import type { PageContext } from "./readPage.ts";

/**
 * Recognises a page the right way up. Each time a part of it is recognised it waits for a thread like any page, and its
 * time goes on. Once it has been read in one way, that is the result whatever comes of reading it in another.
 *
 * @param blank the page as it is without its words
 */
export async function recognisePage(
  blank: PageResult,
  upright: UprightImage,
  use: OcrUse,
  context: PageContext,
): Promise<PageResult> {
  const { dpi, image } = upright;
  const recognise = (part: PageImage) => {
    context.onStage("waiting");
    return context.pool.recognise({ image: encodeNetpbm(part), dpi, ...use }, () =>
      context.onStage("recognising"),
    );
  };
  const page = (reading: Reading) => asRead(blank, upright, reading);
  if (context.options.rotate === "never") return page(await readAsItLies(image, recognise));
  return page(await readUpright(upright, { recognise, onRead: (reading) => context.onText(page(reading)) }));
}

/** The page with its words where they stand on it as the file shows it. */
function asRead(blank: PageResult, upright: UprightImage, { words, orientation }: Reading): PageResult {
  const { page, straightening } = upright;
  const placed = words.map((word) => ({
    ...word,
    box: toBoxSpace(word.box, page, straightening, orientation),
  }));
  return recognised({ ...blank, orientation, skew: straightening?.degrees ?? 0 }, placed);
}
