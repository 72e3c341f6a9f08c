import { failedPage, type PageResult } from "@quire/core";
import type { OpenedDocument } from "../formats/openedDocument.ts";
import type { PageCare, ReadOptions, ReadPage } from "../protocol.ts";
import { chooseResolution, type Resolution } from "../raster/resolution.ts";
import type { OcrPool, OcrUse } from "../recognise/ocrPool.ts";
import { judgeTextLayer } from "../textLayer/judgeTextLayer.ts";
import { prepareUpright, type UprightImage } from "../upright/prepareUpright.ts";
import { fromTextLayer, outOfMemory, toPageError } from "./pageResults.ts";
import { drawPicture, pictureOf, toPreview } from "./pictures.ts";
import { recognisePage } from "./recognisePage.ts";
import { DoesNotFit, type Room } from "./room.ts";

/** What reading a page needs: the document, the threads, and its turn at the libraries that have only one. */
export interface PageContext {
  readonly pool: OcrPool;
  readonly document: number;
  readonly options: ReadOptions;
  readonly maxRasterPixels: number;
  readonly room: Room;
  readonly care: PageCare;
  opened(): Promise<{ readonly document: OpenedDocument; readonly modelPaths: readonly string[] }>;
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  onStage(stage: "rendering" | "waiting" | "recognising"): void;
  /** The page is read; what is still to be done, such as drawing its picture, may fail. */
  onText(page: PageResult): void;
}

/** A page after the part that needs the file: done, or with an image for the recogniser; its picture is being made. */
interface Prepared {
  readonly page: PageResult;
  readonly image: UprightImage | null;
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
    const { document, modelPaths } = await context.opened();
    const use = { document: context.document, languages: context.options.languages, modelPaths };
    const prepared = await context.exclusively(() => {
      context.onStage("rendering");
      return prepare(document, pageNumber, use, context);
    });
    const { page, image } = prepared;
    preview = prepared.preview;
    if (!image) return await illustrated(page);

    return await illustrated(await recognisePage(page, image, use, context));
  } catch (error) {
    if (error instanceof DoesNotFit && context.care === "usual") throw error;
    const reason = error instanceof DoesNotFit ? outOfMemory(error) : error;
    return illustrated(failedPage(pageNumber, toPageError(reason, "page_unreadable")));
  }
}

/**
 * Everything that touches the file. The page and its raster are let go of before the recogniser starts; what is left for
 * a preview is small, and encoded meanwhile.
 */
async function prepare(
  document: OpenedDocument,
  pageNumber: number,
  use: OcrUse,
  context: PageContext,
): Promise<Prepared> {
  const { options, room } = context;
  const page = room.guarded(await document.openPage(pageNumber), context.onStage);
  try {
    const { take, warnings } = await judgeTextLayer(page, options.textLayer, context.maxRasterPixels);
    if (take) {
      const result = fromTextLayer(pageNumber, page, take);
      if (!options.preview) return { page: result, image: null, preview: noPreview };
      context.onText(result);
      return { page: result, image: null, preview: toPreview(await drawPicture(page, room)) };
    }
    await context.pool.warm(use);

    const { widthInches, heightInches, ownDpi } = page;
    const mostPixels = await room.mostPixels(page, context.maxRasterPixels, context.care);
    const resolution = chooseResolution(widthInches, heightInches, ownDpi, mostPixels);
    const raster = await page.rasterise(resolution.dpi);
    const picture = options.preview ? await pictureOf(raster, room) : null;
    const { rotate, deskew } = options;
    const image = prepareUpright(raster, { rotate, deskew, ownDpi, mostPixels });
    const read: PageResult = {
      ...failedPage(pageNumber, { code: "page_unreadable", message: "" }),
      outcome: "blank",
      width: raster.width,
      height: raster.height,
      dpi: raster.dpi,
      rotation: page.rotation,
      languages: [...options.languages],
      warnings: [...page.warnings, ...warnings, ...resolutionWarnings(resolution)],
      error: null,
    };
    return { page: read, image, preview: toPreview(picture) };
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
