import type { CorrectionMode, Orientation, PageReader, PageWarning, Quality } from "@quire/core";
import type { ReaderModels } from "@quire/models";
import type { GreyRaster } from "../raster/greyRaster.ts";
import type { RecognisedWord } from "../reader/readRaster.ts";

/** What an OCR thread is started with. */
export interface OcrThreadData {
  /** PP-OCR's models, loaded before the thread says that it is ready; null: Tesseract reads everything. */
  readonly models: ReaderModels | null;
  /** Names of the Tesseract models that are installed, and the folder they are in unless they came by npm. */
  readonly installed: readonly string[];
  readonly tessdataDir: string | null;
  readonly collectEveryPages: number;
}

/** A page to recognise. Its raster is handed over for good. */
export interface OcrRequest {
  readonly raster: GreyRaster;
  /** Tells one document's pages from another's: what was learnt from one is forgotten before the next. */
  readonly document: number;
  readonly languages: readonly string[];
  readonly rotate: CorrectionMode;
  readonly quality: Quality;
}

/** What was read of a page: see `PageResult` for its parts. */
export interface OcrReading {
  /** In pixels of the raster. */
  readonly words: readonly RecognisedWord[];
  readonly orientation: Orientation;
  readonly skew: number;
  readonly languages: readonly string[];
  readonly reader: PageReader;
  readonly warnings: readonly PageWarning[];
  readonly missingLanguage?: string;
}

export type OcrReply =
  /** `unavailable`: why PP-OCR cannot run here, though its models are there: Tesseract reads everything. */
  | { readonly type: "ready"; readonly unavailable: string | null }
  | {
      readonly type: "recognised";
      readonly reading: OcrReading;
      /** WebAssembly memory of Tesseract, 0 while it is not loaded, and pages since it was last needed. */
      readonly tesseractBytes: number;
      readonly tesseractIdlePages: number;
      /** It has loaded what it will not need again, or Tesseract failed on a part of the page: to be replaced. */
      readonly isSpent: boolean;
    }
  | { readonly type: "failed"; readonly reason: string };
