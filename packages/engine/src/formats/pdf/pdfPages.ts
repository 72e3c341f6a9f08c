import type { GreyRaster } from "../../raster/greyRaster.ts";
import type { Rotation, TextLayer } from "../openedDocument.ts";

/** The port to a PDF library. Pages are counted from 0 here, as the libraries do. */
export interface PdfPages {
  readonly pageCount: number;
  /** @throws PdfFault where this library cannot load the page */
  openPage(index: number): Promise<PdfPage>;
  close(): Promise<void>;
}

export interface PdfPage {
  /** The page upright, in points. */
  readonly widthPoints: number;
  readonly heightPoints: number;
  readonly rotation: Rotation;
  /** The finest image that covers a good part of the page: its pixels an inch, or null. */
  readonly imageDpi: number | null;
  /** Pixels of the largest image on the page, 0 if there is none: what rendering it must decode. */
  readonly largestImagePixels: number;
  /** What decoding the most expensive image on the page takes, in bytes, by its pixels and how it is compressed. */
  readonly decodeBytes: number;
  readonly textLayer: TextLayer;
  /** @throws PdfFault where this library cannot render the page */
  rasterise(dpi: number): Promise<GreyRaster>;
  /** Never throws: what the library holds of a page it choked on goes with the library. */
  close(): void;
}

/** Opens a PDF with a library, reading blocks of the file as they are needed. */
export type OpenPdfPages = (path: string, password: string | undefined) => Promise<PdfPages>;

/** A library that cannot go on with a document or page that another library may still read. */
export class PdfFault extends Error {
  override readonly name = "PdfFault";
}

/**
 * The library was lost to the fault of another document that was open in it. This document is not to blame: opened
 * afresh, it can be read by the same library.
 */
export class PdfLibraryLost extends PdfFault {}
