import type { PageResult } from "@quire/core";
import { encodeNetpbm, type PageImage } from "../raster/netpbm.ts";
import type { OcrUse } from "../recognise/ocrPool.ts";
import type { OwnText } from "../textLayer/ownText.ts";
import { toBoxSpace } from "../upright/placement.ts";
import type { UprightImage } from "../upright/prepareUpright.ts";
import { type Reading, readAsItLies, readUpright } from "../upright/readUpright.ts";
import { recognised } from "./pageResults.ts";
import type { PageContext } from "./readPage.ts";

/** A page that is to be recognised. */
export interface PageToRecognise {
  /** The page as it is without its words. */
  readonly blank: PageResult;
  readonly image: UprightImage;
  /** What of the page is text of its own, if it has any. */
  readonly ownText: OwnText | null;
}

/**
 * Recognises a page the right way up. Each time a part of it is recognised it waits for a thread like any page, and its
 * time goes on. Once it has been read in one way, that is the result whatever comes of reading it in another.
 */
export async function recognisePage(
  pageToRecognise: PageToRecognise,
  use: OcrUse,
  context: PageContext,
): Promise<PageResult> {
  const { blank, image: upright, ownText } = pageToRecognise;
  const { dpi, image } = upright;
  const recognise = (part: PageImage) => {
    context.onStage("waiting");
    return context.pool.recognise({ image: encodeNetpbm(part), dpi, ...use }, () =>
      context.onStage("recognising"),
    );
  };
  const inLanguages = { ...blank, languages: [...use.languages] };
  const page = (reading: Reading) => asRead({ blank: inLanguages, image: upright, ownText }, reading);
  if (context.options.rotate === "never") return page(await readAsItLies(image, recognise));
  return page(await readUpright(upright, { recognise, onRead: (reading) => context.onText(page(reading)) }));
}

/** The page with its words where they stand on it as the file shows it. */
function asRead(
  { blank, image: { page, straightening }, ownText }: PageToRecognise,
  { words, orientation }: Reading,
): PageResult {
  const placed = words.map((word) => ({
    ...word,
    box: toBoxSpace(word.box, page, straightening, orientation),
  }));
  const marked = ownText ? ownText.mark(placed) : placed;
  return recognised({ ...blank, orientation, skew: straightening?.degrees ?? 0 }, marked);
}
