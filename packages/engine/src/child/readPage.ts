import { failedPage, type PageResult } from "@quire/core";
import type { OpenedDocument } from "../formats/openedDocument.ts";
import type { DocumentSource, PageCare, ReadOptions, ReadPage } from "../protocol.ts";
import { chooseResolution, type Resolution } from "../raster/resolution.ts";
import type { OcrModel } from "../recognise/ocrMessages.ts";
import type { OcrPool, OcrUse } from "../recognise/ocrPool.ts";
import { judgeTextLayer } from "../textLayer/judgeTextLayer.ts";
import { OwnText } from "../textLayer/ownText.ts";
import { prepareUpright, type UprightImage } from "../upright/prepareUpright.ts";
import type { DocumentLanguages } from "./documentLanguages.ts";
import { seekLanguages } from "./languageSeeker.ts";
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
  readonly sampling: DocumentSource["sampling"];
  opened(): Promise<{ readonly document: OpenedDocument; readonly languages: DocumentLanguages | null }>;
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  onStage(stage: "rendering" | "choosing" | "waiting" | "recognising"): void;
  /** The languages that suit the document have been chosen. */
  onLanguages(languages: readonly string[]): void;
  /** The page is read; what is still to be done, such as drawing its picture, may fail. */
  onText(page: PageResult): void;
}

/** A page after the part that needs the file: done, or with an image for the recogniser; its picture is being made. */
interface Prepared {
  readonly page: PageResult;
  readonly image: UprightImage | null;
  /** What of the page is text of its own; null where it has none, or none that counts. */
  readonly ownText: OwnText | null;
  readonly preview: Promise<Uint8Array | null>;
}

const noModel: OcrModel = { languages: [], modelPaths: [] };
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
    const { document, languages } = await context.opened();
    const use = { document: context.document, ...(languages?.first ?? noModel) };
    const prepared = await context.exclusively(() => {
      context.onStage("rendering");
      return prepare(document, pageNumber, use, context);
    });
    const { page, image, ownText } = prepared;
    preview = prepared.preview;
    if (!image || !languages) return await illustrated(page);

    const prepareOther = (other: number) => prepareSample(document, other, use, context);
    const seeker = seekLanguages(context, { document, languages, own: image, prepareOther });
    const suiting = await languages.suiting(seeker);
    return await illustrated(
      await recognisePage({ blank: page, image, ownText }, { ...use, ...suiting }, context),
    );
  } catch (error) {
    if (error instanceof DoesNotFit && context.care === "usual") throw error;
    const reason = error instanceof DoesNotFit ? outOfMemory(error) : error;
    return illustrated(failedPage(pageNumber, toPageError(reason, "page_unreadable")));
  }
}

/** Another page of the document, for languages to be tried on; null if it need not be recognised. */
async function prepareSample(
  document: OpenedDocument,
  pageNumber: number,
  use: OcrUse,
  context: PageContext,
): Promise<UprightImage | null> {
  const { image } = await prepare(document, pageNumber, use, {
    ...context,
    options: { ...context.options, preview: false },
    onStage: (stage) => context.onStage(stage === "waiting" ? "waiting" : "choosing"),
  });
  return image;
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
    const { take, part, warnings } = await judgeTextLayer(page, options.textLayer, context.maxRasterPixels);
    if (take) {
      const result = fromTextLayer(pageNumber, page, take);
      if (!options.preview) return { page: result, image: null, ownText: null, preview: noPreview };
      context.onText(result);
      return { page: result, image: null, ownText: null, preview: toPreview(await drawPicture(page, room)) };
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
      warnings: [...page.warnings, ...warnings, ...resolutionWarnings(resolution)],
      error: null,
    };
    return { page: read, image, ownText: part && new OwnText(raster, part), preview: toPreview(picture) };
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
