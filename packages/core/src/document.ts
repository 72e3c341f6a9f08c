import * as v from "valibot";
import type { Quality } from "./page.ts";

/** The formats Quire reads, by their magic bytes. */
export const documentFormats = ["pdf", "tiff", "jpeg", "png", "webp", "gif", "bmp", "avif"] as const;
export type DocumentFormat = (typeof documentFormats)[number];

/** What each format is called on the web. */
export const contentTypes: Readonly<Record<DocumentFormat, string>> = {
  pdf: "application/pdf",
  tiff: "image/tiff",
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  gif: "image/gif",
  bmp: "image/bmp",
  avif: "image/avif",
};

/** The format that is called so on the web; undefined if none is. */
export function formatOf(contentType: string | null): DocumentFormat | undefined {
  return documentFormats.find((format) => contentTypes[format] === contentType);
}

/** `auto`: take a page's own text where it is real; `never`: always OCR; `only`: never OCR. */
export const textLayerModes = ["auto", "never", "only"] as const;
export type TextLayerMode = (typeof textLayerModes)[number];

/**
 * What is known of a document before any page is read. `conservative`: it is over a warning limit, so pages
 * are rendered one by one and memory is collected after each.
 */
export const DocumentFactsSchema = v.object({
  format: v.picklist(documentFormats),
  pageCount: v.pipe(v.number(), v.integer(), v.minValue(1)),
  sizeBytes: v.pipe(v.number(), v.integer(), v.minValue(0)),
  conservative: v.boolean(),
});
export type DocumentFacts = v.InferOutput<typeof DocumentFactsSchema>;

/** What is done about pages that lie on their side or head. `auto`: they are read upright; `never`: as they lie. */
export const correctionModes = ["auto", "never"] as const;
export type CorrectionMode = (typeof correctionModes)[number];

/** The queues of documents, by size and, once known, by pages: see `quire.lane` in the migrations. */
export const lanes = ["small", "medium", "large"] as const;
export type Lane = (typeof lanes)[number];

/** Where a document stands. */
export const documentStatuses = [
  "uploaded",
  "queued",
  "processing",
  "completed",
  "partial",
  "failed",
  "cancelled",
] as const;
export type DocumentStatus = (typeof documentStatuses)[number];

/** Instead of languages: whatever the document is in. */
export const automaticLanguage = "auto";

/** How a document is to be read, as it is stored with it. */
export interface DocumentOptions {
  /** Languages by the names of Tesseract's models, such as `eng`; or `auto` alone. */
  readonly languages: readonly string[];
  readonly textLayer: TextLayerMode;
  readonly rotate: CorrectionMode;
  readonly quality: Quality;
}

/** Whose the documents are where nobody signs in. */
export const localOwnerId = "00000000-0000-4000-8000-000000000001";
