import { failedPage, type PageResult } from "@quire/core";
import type { OpenedDocument } from "../formats/openedDocument.ts";
import type { OcrPool } from "../ocr/ocrPool.ts";
import type { PageCare, ReadOptions, ReadPage } from "../protocol.ts";
import type { GreyRaster } from "../raster/greyRaster.ts";
import { chooseResolution, type Resolution } from "../raster/resolution.ts";
import { judgeTextLayer } from "../textLayer/judgeTextLayer.ts";
import { OwnText } from "../textLayer/ownText.ts";
import { fromTextLayer, outOfMemory, recognised, toPageError } from "./pageResults.ts";
import { drawPicture, pictureOf, toPreview } from "./pictures.ts";
import { DoesNotFit, type Room } from "./room.ts";

/** What reading a page needs: the document, the threads, and its turn at the libraries that have only one. */
export interface PageContext {
  readonly pool: OcrPool;
  readonly document: number;
  readonly options: ReadOptions;
  readonly maxRasterPixels: number;
  readonly room: Room;
  readonly care: PageCare;
  opened(): Promise<{ readonly document: OpenedDocument }>;
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  onStage(stage: "rendering" | "waiting" | "recognising"): void;
  /** The page is read; what is still to be done, such as drawing its picture, may fail. */
  onText(page: PageResult): void;
}

/** A page after the part that needs the file: done, or with a raster for the recogniser; its preview is being made. */
interface Prepared {
  readonly page: PageResult;
  readonly raster: GreyRaster | null;
  /** What of the page is text of its own; null where it has none, or none that counts. */
  readonly ownText: OwnText | null;
  readonly preview: Promise<Uint8Array | null>;
}

const noPreview = Promise.resolve(null);

/**
 * Reads one page: its text layer if that is good enough, else its picture. A page that cannot be read is `failed`.
 *
 * @throws DoesNotFit if it was not begun, for others hold the memory that it needs
 */
export async function readPage(pageNumber: number, context: PageContext): Promise<ReadPage> {
  const start = performance.now();
  let preview: Prepared["preview"] = noPreview;
  const illustrated = async (page: PageResult): Promise<ReadPage> => {
    const made = await preview;
    return { page: { ...page, durationMs: Math.round(performance.now() - start) }, preview: made };
  };
  try {
    const { document } = await context.opened();
    const prepared = await context.exclusively(() => {
      context.onStage("rendering");
      return prepare(document, pageNumber, context);
    });
    preview = prepared.preview;
    const { page, raster, ownText } = prepared;
    return await illustrated(raster ? await recognise(page, raster, ownText, context) : page);
  } catch (error) {
    if (error instanceof DoesNotFit && context.care === "usual") throw error;
    const reason = error instanceof DoesNotFit ? outOfMemory(error) : error;
    return illustrated(failedPage(pageNumber, toPageError(reason, "page_unreadable")));
  }
}

/** Has an OCR thread read the page, which takes the raster. */
async function recognise(
  page: PageResult,
  raster: GreyRaster,
  ownText: OwnText | null,
  { pool, document, options, onStage }: PageContext,
): Promise<PageResult> {
  const { languages, rotate, quality } = options;
  onStage("waiting");
  const reading = await pool.recognise({ raster, document, languages, rotate, quality }, () =>
    onStage("recognising"),
  );
  return recognised(page, ownText ? { ...reading, words: ownText.mark(reading.words) } : reading);
}

/**
 * Everything that touches the file. The page is let go of before the recogniser starts; what is left for a preview is
 * small, and encoded meanwhile.
 */
async function prepare(
  document: OpenedDocument,
  pageNumber: number,
  context: PageContext,
): Promise<Prepared> {
  const { options, room } = context;
  const page = room.guarded(await document.openPage(pageNumber), context.onStage);
  try {
    const { take, part, warnings } = await judgeTextLayer(page, options.textLayer, context.maxRasterPixels);
    if (take) {
      const result = fromTextLayer(pageNumber, page, take);
      if (!options.preview) return { page: result, raster: null, ownText: null, preview: noPreview };
      context.onText(result);
      return { page: result, raster: null, ownText: null, preview: toPreview(await drawPicture(page, room)) };
    }
    await context.pool.warm();

    const maxPixels = await room.mostPixels(page, context.maxRasterPixels, context.care);
    const resolution = chooseResolution(page, maxPixels);
    const raster = await page.rasterise(resolution.dpi);
    const picture = options.preview ? await pictureOf(raster, room) : null;
    const read: PageResult = {
      ...failedPage(pageNumber, { code: "page_unreadable", message: "" }),
      outcome: "blank",
      width: raster.width,
      height: raster.height,
      dpi: raster.dpi,
      rotation: page.rotation,
      warnings: [...page.warnings, ...warnings, ...resolutionWarnings(resolution)],
      error: null,
    };
    return { page: read, raster, ownText: part && new OwnText(raster, part), preview: toPreview(picture) };
  } finally {
    page.close();
  }
}

function resolutionWarnings({ downscaled, lowResolution }: Resolution) {
  return [
    ...(downscaled ? (["downscaled"] as const) : []),
    ...(lowResolution ? (["low_resolution"] as const) : []),
  ];
}
