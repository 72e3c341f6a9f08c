import type { PageWarning, TextLayerMode } from "@quire/core";
import type { OpenedPage, TextLayer } from "../formats/openedDocument.ts";
import { binarise } from "../raster/binarise.ts";
import { countUncovered } from "./uncoveredWriting.ts";

/** What is done with a page's own text: taken, or the page recognised, and what is to be said about it. */
export interface Judgement {
  readonly take: TextLayer | null;
  /** Part of what the page shows, which is recognised as a whole all the same; null where nothing of it is believed. */
  readonly part: TextLayer | null;
  readonly warnings: readonly PageWarning[];
}

/** More unmapped characters than this and the text cannot be read by anyone but the font. */
const mostUnmapped = 0.1;
/** A layer that is mostly invisible is somebody's OCR. */
const mostHidden = 0.5;
/** Images that cover less than this hold a logo or a signature, no page of writing. */
const leastImageShare = 0.05;
/** Resolution of the look at what the text layer does not cover: 6-point letters are 5 pixels high. */
const glanceDpi = 100;
/** Shapes of writing outside the layer's words: as many as a short line has, and a share of the layer's letters. */
const uncovered = { least: 25, share: 0.12 };

/**
 * Judges a page's own text. In `auto` it is taken where it is real: printable, mapped to Unicode, visible, and
 * covering the writing that is to be seen on the page.
 *
 * @param maxRasterPixels the most pixels that the look at the page may take
 */
export async function judgeTextLayer(
  page: OpenedPage,
  mode: TextLayerMode,
  maxRasterPixels: number,
): Promise<Judgement> {
  const layer = page.textLayer;
  if (mode === "only") return { take: layer ?? noText, part: null, warnings: [] };
  if (mode === "never" || !layer) return { take: null, part: null, warnings: [] };

  const characters = layer.words.reduce((sum, word) => sum + word.text.length, 0);
  if (characters === 0) return { take: null, part: null, warnings: [] };
  if (layer.hiddenShare > mostHidden) return { take: null, part: null, warnings: ["text_layer_hidden"] };
  if (layer.unmappedShare > mostUnmapped)
    return { take: null, part: null, warnings: ["text_layer_unusable"] };
  if (layer.imageShare < leastImageShare && !layer.hasDrawing)
    return { take: layer, part: null, warnings: [] };

  // A page of a square metre is looked at more coarsely: its letters are larger, too.
  const dpi = Math.min(glanceDpi, Math.sqrt(maxRasterPixels / (page.widthInches * page.heightInches)));
  const glance = binarise(await page.rasterise(dpi)).bilevel;
  const shapes = countUncovered(glance, dpi, layer.words);
  const complete = shapes < uncovered.least || shapes < characters * uncovered.share;
  if (complete) return { take: layer, part: null, warnings: [] };
  return { take: null, part: layer, warnings: ["text_layer_incomplete"] };
}

const noText: TextLayer = { words: [], unmappedShare: 0, hiddenShare: 0, imageShare: 0, hasDrawing: false };
