import { type Box, type ErrorCode, maxSkew, type PageError, type PageResult, QuireError } from "@quire/core";
import type { OpenedPage, TextLayer } from "../formats/openedDocument.ts";
import type { OcrReading } from "../ocr/ocrMessages.ts";
import { pageText } from "../reader/pageText.ts";
import type { DoesNotFit } from "./room.ts";

/** Box space of a page that is not rasterised. */
export const textLayerDpi = 200;
const pointsPerInch = 72;

/** A page whose own text is taken. */
export function fromTextLayer(pageNumber: number, page: OpenedPage, layer: TextLayer): PageResult {
  const scale = textLayerDpi / pointsPerInch;
  return {
    pageNumber,
    outcome: layer.words.length > 0 ? "text_layer" : "blank",
    text: pageText(layer.words),
    words: layer.words.map(({ text, box, line, block }) => ({
      text,
      confidence: 100,
      uncertain: false,
      box: scaled(box, scale),
      line,
      block,
    })),
    meanConfidence: null,
    width: Math.round(page.widthInches * textLayerDpi),
    height: Math.round(page.heightInches * textLayerDpi),
    dpi: textLayerDpi,
    rotation: page.rotation,
    orientation: 0,
    skew: 0,
    languages: [],
    reader: null,
    durationMs: 0,
    warnings: [...page.warnings],
    error: null,
  };
}

function scaled({ x, y, width, height }: Box, scale: number): Box {
  const rounded = (value: number) => Math.round(value * scale * 10) / 10;
  return { x: rounded(x), y: rounded(y), width: rounded(width), height: rounded(height) };
}

/**
 * Read less surely than this on the whole, a page has lost words. Clinical scans and faxes have a mean confidence of 95 and
 * more, pages in a script that the recognisers do not have 55 to 84 (docs/decisions/0018).
 */
const lowConfidence = 85;
/** The same on Tesseract's own scale (docs/decisions/0016). */
const lowTesseractConfidence = 70;

/** A page with what was recognised on it. */
export function recognised(base: PageResult, reading: OcrReading): PageResult {
  const { words, orientation, skew, languages, reader, missingLanguage } = reading;
  const warnings = [...base.warnings, ...reading.warnings];
  const page: PageResult = {
    ...base,
    orientation,
    skew: Math.min(maxSkew, Math.max(-maxSkew, skew)),
    languages: [...languages],
    reader,
    ...(missingLanguage !== undefined && { missingLanguage }),
    warnings,
  };
  if (words.length === 0) return page;
  const minConfidence = reader.engine === "pp-ocr" ? lowConfidence : lowTesseractConfidence;
  const confidences = words.reduce((sum, word) => sum + word.confidence, 0);
  const meanConfidence = Math.round((confidences / words.length) * 10) / 10;
  return {
    ...page,
    outcome: "recognized",
    text: pageText(words),
    words: words.map(({ paragraph: _, ...word }) => word),
    meanConfidence,
    warnings: meanConfidence < minConfidence ? [...warnings, "low_confidence"] : warnings,
  };
}

/** Why a page is failed that does not fit even alone. */
export function outOfMemory({ needsBytes, freeBytes, limitBytes }: DoesNotFit): QuireError {
  const [needs, free, limit] = [needsBytes, freeBytes, limitBytes].map((bytes) =>
    Math.max(0, Math.round(bytes / 1_000_000)),
  );
  return new QuireError(
    "page_out_of_memory",
    `This page needs about ${needs} MB, and ${free} MB of ${limit} MB were free. Scan it again at 300 dpi or less, or raise the memory.`,
  );
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
