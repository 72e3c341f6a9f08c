import type { RecognisedWord } from "./parseTsv.ts";

/** What an OCR thread is started with. */
export interface OcrThreadData {
  /** The tesseract.js-core build that suits this processor. */
  readonly corePath: string;
  /** Its WebAssembly, compiled once for all threads. */
  readonly module: WebAssembly.Module;
  readonly collectEveryPages: number;
}

/** A page to recognise: a PBM or PGM file, and at which dpi it was made. */
export interface OcrRequest {
  readonly image: Uint8Array<ArrayBuffer>;
  readonly dpi: number;
  readonly languages: readonly string[];
  readonly modelPaths: readonly string[];
  /** Forget everything first: this page is of another document than the last. */
  readonly reset: boolean;
}

export type OcrReply =
  | { readonly type: "ready" }
  | { readonly type: "recognised"; readonly words: RecognisedWord[]; readonly memoryBytes: number }
  | { readonly type: "failed"; readonly reason: string };
