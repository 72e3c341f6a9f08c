import type { TesseractBuild } from "../tesseractBuild.ts";

/** What an OSD thread is started with. */
export interface OsdThreadData {
  /** Of the kind `legacy`. */
  readonly build: TesseractBuild;
  readonly modelPath: string;
}

/** A page, or a part of one: a PBM or PGM file, and at which dpi it was made. */
export interface OsdRequest {
  readonly image: Uint8Array<ArrayBuffer>;
  readonly dpi: number;
}

/**
 * How what is written lies, and in which script it is. `orientation`: the clockwise turn in degrees that brings it
 * upright. `script`: as Tesseract names it, such as Latin or Cyrillic. Confidences have no upper end; near 0 nothing
 * was found out.
 */
export interface OrientationAndScript {
  readonly orientation: 0 | 90 | 180 | 270;
  readonly orientationConfidence: number;
  readonly script: string;
  readonly scriptConfidence: number;
}

export type OsdReply =
  /** `detected` is null where too little is written. */
  | {
      readonly type: "detected";
      readonly detected: OrientationAndScript | null;
      readonly memoryBytes: number;
    }
  | { readonly type: "failed"; readonly reason: string };
