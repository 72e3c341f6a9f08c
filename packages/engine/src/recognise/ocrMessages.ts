import type { RecognisedWord } from "./parseTsv.ts";
import type { TesseractBuild } from "./tesseractBuild.ts";

/** What an OCR thread is started with. */
export interface OcrThreadData {
  readonly build: TesseractBuild;
  readonly collectEveryPages: number;
  /** Loaded before the thread says that it is ready. */
  readonly model: OcrModel;
}

/** What Tesseract recognises with: the languages, and the files of their models. */
export interface OcrModel {
  readonly languages: readonly string[];
  readonly modelPaths: readonly string[];
}

/** A page to recognise: a PBM or PGM file, and at which dpi it was made. */
export interface OcrRequest extends OcrModel {
  readonly image: Uint8Array<ArrayBuffer>;
  readonly dpi: number;
  /** Forget everything first: this page is of another document than the last. */
  readonly reset: boolean;
}

export type OcrReply =
  | { readonly type: "ready" }
  | { readonly type: "recognised"; readonly words: RecognisedWord[]; readonly memoryBytes: number }
  | { readonly type: "failed"; readonly reason: string };
