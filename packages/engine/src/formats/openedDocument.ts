import type { DocumentFormat, PageWarning, Word } from "@quire/core";
import type { GreyRaster } from "../raster/greyRaster.ts";

/** A document that the engine has open: pages are numbered from 1. */
export interface OpenedDocument {
  readonly format: DocumentFormat;
  readonly pageCount: number;
  openPage(pageNumber: number): Promise<OpenedPage>;
  close(): Promise<void>;
}

export type Rotation = 0 | 90 | 180 | 270;

/** One page of an open document. What it holds of the page is released by `close`. */
export interface OpenedPage {
  /** The page upright, in inches; for an image, by the resolution it is taken to have. */
  readonly widthInches: number;
  readonly heightInches: number;
  /** Clockwise turn asked for by the file and applied in everything below. */
  readonly rotation: Rotation;
  /** Resolution of the image the page consists of, or null if the page is drawn from text and lines. */
  readonly ownDpi: number | null;
  /** Whether that is a guess: see `PageExtent`. */
  readonly dpiIsAssumed?: boolean | undefined;
  readonly warnings: readonly PageWarning[];
  /** What decoding the largest image on the page takes, in bytes, as far as it can be told beforehand. */
  readonly decodeBytes: number;
  /** The page's own text, or null where the format or the page has none. */
  readonly textLayer: TextLayer | null;
  /** The page as it is seen, at a resolution. */
  rasterise(dpi: number): Promise<GreyRaster>;
  close(): void;
}

/** A text layer as the file has it; whether to believe it is judged elsewhere. Boxes are in points, from the top left. */
export interface TextLayer {
  readonly words: readonly TextLayerWord[];
  /** Share (0–1) of the characters that have no Unicode meaning. */
  readonly unmappedShare: number;
  /** Share (0–1) of the characters drawn invisibly: somebody's OCR under a scan. */
  readonly hiddenShare: number;
  /** Share (0–1) of the page that images cover. */
  readonly imageShare: number;
  /** Whether the page also has enough drawn lines for its writing to be drawn rather than set. */
  readonly hasDrawing: boolean;
}

export interface TextLayerWord extends Pick<Word, "text" | "box" | "line" | "block"> {
  readonly paragraph: number;
}
