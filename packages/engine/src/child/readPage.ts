import {
  type Box,
  type ErrorCode,
  failedPage,
  type PageError,
  type PageResult,
  QuireError,
} from "@quire/core";
import type { OpenedDocument, OpenedPage, TextLayer } from "../formats/openedDocument.ts";
import type { PageCare, ReadOptions } from "../protocol.ts";
import { prepareForRecognition } from "../raster/prepare.ts";
import { chooseResolution, type Resolution } from "../raster/resolution.ts";
import type { OcrPool, OcrUse } from "../recognise/ocrPool.ts";
import { pageText } from "../recognise/pageText.ts";
import type { RecognisedWord } from "../recognise/parseTsv.ts";
import { judgeTextLayer } from "../textLayer/judgeTextLayer.ts";
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
}

/** A page after the part that needs the file: done, or an image for the recogniser. */
type Prepared =
  | { readonly result: PageResult }
  | { readonly image: Uint8Array<ArrayBuffer>; readonly base: PageResult };

/** Box space of a page that is not rasterised. */
const textLayerDpi = 200;
const pointsPerInch = 72;

/**
 * Reads one page: its text layer if that is good enough, else its picture. A page that cannot be read is `failed`.
 *
 * @throws DoesNotFit if it was not begun, for others hold the memory that it needs
 */
export async function readPage(pageNumber: number, context: PageContext): Promise<PageResult> {
  const start = performance.now();
  const durationMs = () => Math.round(performance.now() - start);
  try {
    const { document, modelPaths } = await context.opened();
    const use = { document: context.document, languages: context.options.languages, modelPaths };
    const prepared = await context.exclusively(() => {
      context.onStage("rendering");
      return prepare(document, pageNumber, use, context);
    });
    if ("result" in prepared) return { ...prepared.result, durationMs: durationMs() };

    context.onStage("waiting");
    const { image, base } = prepared;
    const words = await context.pool.recognise({ image, dpi: base.dpi, ...use }, () =>
      context.onStage("recognising"),
    );
    return { ...recognised(base, words), durationMs: durationMs() };
  } catch (error) {
    if (error instanceof DoesNotFit && context.care === "usual") throw error;
    const reason = error instanceof DoesNotFit ? outOfMemory(error) : error;
    return failedPage(pageNumber, toPageError(reason, "page_unreadable"), durationMs());
  }
}

function outOfMemory({ needsBytes, freeBytes, limitBytes }: DoesNotFit): QuireError {
  const [needs, free, limit] = [needsBytes, freeBytes, limitBytes].map((bytes) =>
    Math.max(0, Math.round(bytes / 1_000_000)),
  );
  return new QuireError(
    "page_out_of_memory",
    `This page needs about ${needs} MB, and ${free} MB of ${limit} MB were free. Scan it again at 300 dpi or less, or raise the memory.`,
  );
}

/** Everything that touches the file. The page and its raster are let go of before the recogniser starts. */
async function prepare(
  document: OpenedDocument,
  pageNumber: number,
  use: OcrUse,
  context: PageContext,
): Promise<Prepared> {
  const page = context.room.guarded(await document.openPage(pageNumber), context.onStage);
  try {
    const { take, warnings } = await judgeTextLayer(page, context.options.textLayer, context.maxRasterPixels);
    if (take) return { result: fromTextLayer(pageNumber, page, take) };
    await context.pool.warm(use);

    const { widthInches, heightInches, ownDpi } = page;
    const mostPixels = context.room.mostPixels(page, context.maxRasterPixels, context.care);
    const resolution = chooseResolution(widthInches, heightInches, ownDpi, mostPixels);
    const raster = await page.rasterise(resolution.dpi);
    const base: PageResult = {
      ...failedPage(pageNumber, { code: "page_unreadable", message: "" }),
      outcome: "blank",
      width: raster.width,
      height: raster.height,
      dpi: raster.dpi,
      rotation: page.rotation,
      warnings: [...page.warnings, ...warnings, ...resolutionWarnings(resolution)],
      error: null,
    };
    const image = prepareForRecognition(raster, ownDpi);
    return image ? { image: image as Uint8Array<ArrayBuffer>, base } : { result: base };
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

function fromTextLayer(pageNumber: number, page: OpenedPage, layer: TextLayer): PageResult {
  const scale = textLayerDpi / pointsPerInch;
  return {
    pageNumber,
    outcome: layer.words.length > 0 ? "text_layer" : "blank",
    text: pageText(layer.words),
    words: layer.words.map(({ text, box, line, block }) => ({
      text,
      confidence: 100,
      box: scaled(box, scale),
      line,
      block,
    })),
    meanConfidence: null,
    width: Math.round(page.widthInches * textLayerDpi),
    height: Math.round(page.heightInches * textLayerDpi),
    dpi: textLayerDpi,
    rotation: page.rotation,
    durationMs: 0,
    warnings: [...page.warnings],
    error: null,
  };
}

function scaled({ x, y, width, height }: Box, scale: number): Box {
  const rounded = (value: number) => Math.round(value * scale * 10) / 10;
  return { x: rounded(x), y: rounded(y), width: rounded(width), height: rounded(height) };
}

function recognised(base: PageResult, words: readonly RecognisedWord[]): PageResult {
  if (words.length === 0) return base;
  const confidences = words.reduce((sum, word) => sum + word.confidence, 0);
  return {
    ...base,
    outcome: "recognized",
    text: pageText(words),
    words: words.map(({ paragraph: _, ...word }) => word),
    meanConfidence: Math.round((confidences / words.length) * 10) / 10,
  };
}

/** An error as a code and a message; one that nobody translated gets the code for what it stopped. */
export function toPageError(error: unknown, otherwise: ErrorCode): PageError {
  if (error instanceof QuireError) return { code: error.code, message: error.message };
  const message =
    otherwise === "corrupt_file"
      ? "The file is damaged and cannot be opened. Export or scan it again."
      : "This page cannot be read. Export or scan it again.";
  return { code: otherwise, message };
}
